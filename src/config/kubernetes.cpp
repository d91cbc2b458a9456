// Kubernetes: values in Secrets, ConfigMaps and containers. base64 is no protection, so data is decoded
// first.

#include <fmt/format.h>

#include "config/checks.h"
#include "detect/codec.h"
#include "detect/text_class.h"
#include "lint/yaml.h"

namespace tightship::config {
namespace {

class Check {
 public:
  Check(Context& context, const File& file) : context_(context), file_(file) {}

  void object(const lint::Node& node) {
    const std::string kind = node.text_of("kind");
    if (node.find("sops") != nullptr || node.text_of("apiVersion").empty()) return;
    const lint::Node* metadata = node.find("metadata");
    name_ = metadata == nullptr ? std::string() : metadata->text_of("name");
    if (kind == "List") {
      const lint::Node* items = node.find("items");
      for (std::size_t i = 0; items != nullptr && i < items->items.size(); ++i) {
        if (items->items[i].text_of("kind") != "List") object(items->items[i]);
      }
    } else if (kind == "Secret") {
      encoded(node.find("data"));
      plain(node.find("stringData"), place("Secret"));
    } else if (kind == "ConfigMap") {
      LiteralPlace config = place("ConfigMap");
      config.fix =
          "move it to a Secret that an operator fills (External Secrets, Sealed Secrets, SOPS); then replace "
          "the key";
      plain(node.find("data"), config);
    } else {
      containers(node, 0);
    }
  }

 private:
  LiteralPlace place(const std::string& kind) const {
    return {"CFG-K8S-SECRET", fmt::format("{} {} in {}", kind, name_.empty() ? "without a name" : name_, file_.name()),
            "keep the value out of git: External Secrets, Sealed Secrets, or SOPS; then replace the key"};
  }

  void plain(const lint::Node* values, const LiteralPlace& where) {
    if (values == nullptr) return;
    for (const lint::Member& one : values->members) value(one.key, one.value.text, one.value.at, where);
  }

  void encoded(const lint::Node* values) {
    if (values == nullptr) return;
    for (const lint::Member& one : values->members) {
      std::string text = one.value.text;
      std::erase_if(text, [](char c) { return c == '\n' || c == ' '; });
      const auto decoded = detect::decode_base64(text, detect::Base64::Standard);
      if (decoded) value(one.key, *decoded, one.value.at, place("Secret"));
    }
  }

  // One value; a file of several lines is searched.
  void value(const std::string& name, const std::string& text, At at, const LiteralPlace& where) {
    std::string bare = text;
    while (!bare.empty() && (bare.back() == '\n' || bare.back() == '\r')) bare.pop_back();
    if (detect::contains(bare, "{{")) return;
    if (context_.literal(file_, where, name, bare, at)) return;
    if (detect::contains(bare, "\n")) context_.scan_text(file_, where, bare, at, false);
  }

  // Pods stand at different depths: in Deployments, CronJobs, StatefulSets.
  void containers(const lint::Node& node, unsigned depth) {
    if (depth > 12) return;
    for (const lint::Member& one : node.members) {
      if ((one.key == "containers" || one.key == "initContainers") && one.value.is_list()) {
        for (const lint::Node& container : one.value.items) environment(container);
      } else if (one.value.is_map()) {
        containers(one.value, depth + 1);
      }
    }
  }

  void environment(const lint::Node& container) {
    const lint::Node* env = container.find("env");
    LiteralPlace where = place("env of");
    where.fix = "read it from a Secret: valueFrom: secretKeyRef; then replace the key";
    for (std::size_t i = 0; env != nullptr && i < env->items.size(); ++i) {
      const lint::Node* text = env->items[i].find("value");
      if (text != nullptr && text->is_scalar()) value(env->items[i].text_of("name"), text->text, text->at, where);
    }
  }

  Context& context_;
  const File& file_;
  std::string name_;
};

}  // namespace

void check_kubernetes(Context& context, const File& file) {
  const std::string_view text = file.text;
  const bool object = detect::contains(text, "apiVersion:") && detect::contains(text, "kind:");
  const bool holds =
      detect::contains(text, "Secret") || detect::contains(text, "ConfigMap") || detect::contains(text, "containers:");
  if (!object || !holds) return;
  const auto documents = lint::parse_yaml(text);
  // Templates of Helm are no YAML yet; what they are filled with is looked at in values files by the scan.
  if (!documents) {
    if (!detect::contains(text, "{{")) context.loss(file, documents.error());
    return;
  }
  // A cluster on a developer's machine: "dev/k8s/db.yaml".
  File seen = file;
  seen.sample = seen.sample || is_development_path(file.path);
  for (const lint::Node& root : *documents) Check(context, seen).object(root);
}

}  // namespace tightship::config
