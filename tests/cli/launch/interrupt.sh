# Ctrl-C while a server keeps everybody waiting: the report is written, and says that it is not complete.
command -v perl > /dev/null || skip "no perl"
mkdir project && cd project
mkfifo ../port ../taken
# A web server that takes connections and says nothing. It tells its port, and that somebody has come.
perl -MIO::Socket::INET -e '
  my $listener = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 64) or die;
  open(my $port, ">", "../port") or die; print $port $listener->sockport, "\n"; close $port;
  my @taken = ($listener->accept);
  open(my $said, ">", "../taken") or die; print $said "yes\n"; close $said;
  while (1) { push @taken, $listener->accept }' &
server=$!
read -r port < ../port
flags=(--domain a.test --no-cache --resolver "127.0.0.1:$port" --resolve a.test:443:127.0.0.1 --ca ../ca.pem)
for name in a.test www.a.test; do
  flags+=(--connect-to "$name:80:127.0.0.1:$port" --connect-to "$name:443:127.0.0.1:$port")
done
# What bash starts behind it ignores SIGINT, and so would tightship.
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$TIGHTSHIP" launch "${flags[@]}" --json . > report.json &
launch=$!
read -r _ < ../taken
kill -INT "$launch"
wait "$launch"; echo "status $?"
grep -E '"complete"|interrupted' report.json | sed 's/^ *//' | sort -u
kill "$server"
