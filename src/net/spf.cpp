#include "net/spf.h"

#include <fmt/format.h>

#include <algorithm>

namespace tightship::net {
namespace {

class Evaluation {
 public:
  explicit Evaluation(RecordStore& store) : store_(store) {}

  SpfNode node(const std::string& domain);

 private:
  bool fetch(SpfNode& node);
  void term(SpfNode& node, const SpfTerm& term);
  void address(SpfNode& node, const SpfTerm& term, const std::string& domain);
  void mx(SpfNode& node, const SpfTerm& term, const std::string& domain);
  void exists(SpfNode& node, const SpfTerm& term);
  void follow(SpfNode& node, const SpfTerm& term);
  void hollow(SpfNode& node, const SpfTerm& term) {
    ++node.voids;
    node.void_terms.push_back(term.text);
  }

  RecordStore& store_;
  std::vector<std::string> stack_;  // domains that are being evaluated
  unsigned followed_ = 0;
};

// Finds the record of node.domain; false when there is nothing to evaluate.
bool Evaluation::fetch(SpfNode& node) {
  const Lookup txt = store_.lookup(node.domain, RrType::Txt);
  if (!txt.known()) {
    node.fault = txt.fault;
    return false;
  }
  std::size_t found = 0;
  for (const Record* record : txt.records) {
    std::string value;
    std::size_t longest = 0;
    for (const std::string& piece : data_of<TxtData>(*record)->pieces) {
      value += piece;
      longest = std::max(longest, piece.size());
    }
    if (is_spf_record(value)) {
      if (++found == 1) node.text = value, node.size = value.size(), node.longest_piece = longest;
    } else if (looks_like_spf(value)) {
      node.unlike.push_back(value);
    }
  }
  node.state = found == 0 ? SpfState::None : found > 1 ? SpfState::Several : SpfState::Ok;
  return found == 1;
}

SpfNode Evaluation::node(const std::string& domain) {
  SpfNode node;
  node.domain = domain;
  if (!fetch(node)) return node;
  node.record = parse_spf_record(node.text);
  if (!node.record.errors.empty()) node.state = SpfState::Syntax;
  stack_.push_back(domain);
  for (const SpfTerm& t : node.record.terms) term(node, t);
  stack_.pop_back();
  return node;
}

void Evaluation::term(SpfNode& node, const SpfTerm& term) {
  const std::string& domain = term.domain.empty() ? node.domain : term.domain;
  switch (term.kind) {
    case SpfKind::All:
    case SpfKind::Ip4:
    case SpfKind::Ip6:
    case SpfKind::Exp:
    case SpfKind::UnknownModifier: return;
    default: break;
  }
  ++node.lookups;
  if (term.macro || ++followed_ > kSpfFollowLimit) return;
  if (term.kind == SpfKind::A) address(node, term, domain);
  if (term.kind == SpfKind::Mx) mx(node, term, domain);
  if (term.kind == SpfKind::Exists) exists(node, term);
  if (term.kind == SpfKind::Include || term.kind == SpfKind::Redirect) follow(node, term);
}

void Evaluation::address(SpfNode& node, const SpfTerm& term, const std::string& domain) {
  const Lookup v4 = store_.lookup(domain, RrType::A), v6 = store_.lookup(domain, RrType::Aaaa);
  if (v4.absent() && v6.absent()) return hollow(node, term);
  if (v6.absent()) ++node.voids_v6;
}

void Evaluation::mx(SpfNode& node, const SpfTerm& term, const std::string& domain) {
  const Lookup mx = store_.lookup(domain, RrType::Mx);
  if (mx.absent()) return hollow(node, term);
  if (mx.records.size() > kSpfMxLimit) node.wide_mx.push_back(term.text);
}

void Evaluation::exists(SpfNode& node, const SpfTerm& term) {
  if (store_.lookup(term.domain, RrType::A).absent()) hollow(node, term);
}

void Evaluation::follow(SpfNode& node, const SpfTerm& term) {
  SpfNode::Child child{term.text, term.kind == SpfKind::Redirect, {}};
  SpfNode below;
  below.domain = term.domain;
  if (std::find(stack_.begin(), stack_.end(), term.domain) != stack_.end()) {
    below.state = SpfState::Loop;
  } else if (stack_.size() < kSpfDepthLimit) {
    below = this->node(term.domain);
    const Lookup txt = store_.lookup(term.domain, RrType::Txt);
    if (below.state == SpfState::None) below.state = SpfState::Missing;
    if (txt.absent()) hollow(node, term);
  }
  node.lookups += below.lookups;
  node.voids += below.voids;
  node.voids_v6 += below.voids_v6;
  child.node.push_back(std::move(below));
  node.children.push_back(std::move(child));
}

std::string_view state_words(SpfState state) {
  switch (state) {
    case SpfState::None:
    case SpfState::Missing: return "no SPF record";
    case SpfState::Several: return "several SPF records";
    case SpfState::Syntax: return "syntax error";
    case SpfState::Loop: return "loop";
    case SpfState::Unknown: return "could not be asked";
    case SpfState::Ok: break;
  }
  return {};
}

void draw(const SpfNode& node, std::string_view label, unsigned own, unsigned depth, std::string& out) {
  out +=
      fmt::format("{:{}}{}  {} lookup{}", "", depth * 2, label, node.lookups + own, node.lookups + own == 1 ? "" : "s");
  if (node.voids > 0) out += fmt::format(", {} void", node.voids);
  if (node.state != SpfState::Ok) out += fmt::format(", {}", state_words(node.state));
  out += '\n';
  for (const SpfNode::Child& child : node.children) draw(child.node.front(), child.term, 1, depth + 1, out);
}

void collect_includes(const SpfNode& node, std::vector<std::string>& out) {
  for (const SpfNode::Child& child : node.children) {
    out.push_back(child.node.front().domain);
    collect_includes(child.node.front(), out);
  }
}

}  // namespace

SpfNode evaluate_spf(RecordStore& store, const std::string& domain) {
  SpfNode root = Evaluation(store).node(domain);
  root.type99 = !store.lookup(domain, RrType::Spf).records.empty();
  return root;
}

SpfState worst_state(const SpfNode& node, const SpfNode** at) {
  if (at != nullptr) *at = &node;
  if (node.state != SpfState::Ok) return node.state;
  for (const SpfNode::Child& child : node.children) {
    const SpfState state = worst_state(child.node.front(), at);
    if (state != SpfState::Ok) return state;
  }
  if (at != nullptr) *at = &node;
  return SpfState::Ok;
}

char final_qualifier(const SpfNode& node, bool* said) {
  if (said != nullptr) *said = true;
  for (const SpfTerm& term : node.record.terms) {
    if (term.kind == SpfKind::All) return term.qualifier;
  }
  for (const SpfNode::Child& child : node.children) {
    if (child.redirect) return final_qualifier(child.node.front(), said);
  }
  const bool redirected = std::any_of(node.record.terms.begin(), node.record.terms.end(),
                                      [](const SpfTerm& t) { return t.kind == SpfKind::Redirect; });
  if (said != nullptr) *said = redirected;
  return '?';
}

std::string spf_tree(const SpfNode& node) {
  std::string out;
  draw(node, node.domain, 0, 0, out);
  return out;
}

std::vector<std::string> spf_includes(const SpfNode& node) {
  std::vector<std::string> out;
  collect_includes(node, out);
  return out;
}

}  // namespace tightship::net
