package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.bool;
import static org.nfsproxy.configuration.Key.choice;
import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;
import static org.nfsproxy.configuration.Key.text;
import static org.nfsproxy.configuration.Key.texts;

import java.util.List;
import java.util.stream.Stream;
import org.nfsproxy.configuration.Applied;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.configuration.ValueForm;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.Squashing;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.policy.UnreadableCalls;

// Every key the proxy server itself reads, with its default and where that comes from. The records
// beside this class read these, docs/reference/configuration.md is printed from them.
final class Keys {
  private static final int DAY_MILLIS = 24 * 3600 * 1000;
  private static final int HOUR_MILLIS = 3600 * 1000;
  private static final int CONNECTIONS_BOUND = 1_000_000;

  static final Key<String> LISTEN_HOST =
      text(
          "listen.host",
          "0.0.0.0",
          Hosts.HOST,
          "Where clients are accepted. `::` is every IPv6 and every IPv4 address.",
          "Every IPv4 address.");

  static final Key<Integer> LISTEN_PORT =
      int32(
          "listen.port",
          2049,
          0,
          65535,
          "The one TCP port of all programs (NFS, MOUNT, NFS_ACL, NLM). 0 is any free port, which"
              + " the start-up line tells.",
          "The port of NFS, which a client takes unless it is told another.");

  static final Key<Boolean> PORTMAP_ENABLED =
      bool(
          "listen.portmap.enabled",
          false,
          "Whether the portmapper is served too, on TCP and UDP, for NFSv3 clients that name no"
              + " ports.",
          "Port 111 needs root, and the machine's own rpcbind usually has it.");

  static final Key<Integer> PORTMAP_PORT =
      int32(
          "listen.portmap.port",
          111,
          0,
          65535,
          "The portmapper's port.",
          "The only port at which clients look for it.");

  static final Key<String> PORTMAP_ADVERTISE =
      text(
          "listen.portmap.advertise",
          "",
          Hosts.ADDRESS.orEmpty(),
          "The address named in the portmapper's answers, and in an origin's list of the places of a"
              + " filesystem: for example a balancer's. Empty is the address that the caller"
              + " reached.",
          "What the caller reached, it can reach again.");

  static final Key<List<String>> PROXY_PROTOCOL_TRUSTED =
      Key.texts(
          "listen.proxyProtocol.trusted",
          List.of(),
          Forms.CLIENT,
          "The balancers whose word is taken for who a client is, by PROXY protocol version 1 or 2."
              + " Anybody else who comes to that port is closed. Empty: the port is not opened.",
          "Whoever is on the list can take any client's address.");

  static final Key<String> PROXY_PROTOCOL_HOST =
      text(
          "listen.proxyProtocol.host",
          "0.0.0.0",
          Hosts.HOST,
          "Where they are accepted. `::` is every IPv6 and every IPv4 address.",
          "Every IPv4 address. Where clients should only come through the balancer, set"
              + " `listen.host` to `127.0.0.1`.");

  static final Key<Integer> PROXY_PROTOCOL_PORT =
      int32(
          "listen.proxyProtocol.port",
          2050,
          0,
          65535,
          "The TCP port for them, other than `listen.port`. 0 is any free port, which the start-up"
              + " line tells.",
          "Beside NFS's own. Who begins with a header and who does not, must not be guessed.");

  static final Key<Integer> PROXY_PROTOCOL_HEADER_MILLIS =
      int32(
          "listen.proxyProtocol.headerMillis",
          5_000,
          100,
          60_000,
          "A connection whose header is not whole by then is closed.",
          "It is in the first segment; a lost one is sent again after 1 and 3 seconds.");

  static final Key<Integer> RECORD_BYTES_MAX =
      int32(
          "limits.recordBytesMax",
          5 << 20,
          1024,
          1 << 30,
          "The largest call or reply; a connection that announces a larger one is closed. It must"
              + " exceed the largest `wsize` and `rsize` of a client by a header.",
          "A Linux client moves up to 4 MiB at once where its server offers that; a header and the"
              + " other operations of a COMPOUND come on top.");

  static final Key<Integer> CONNECTIONS_MAX =
      int32(
              "limits.connectionsMax",
              4096,
              1,
              CONNECTIONS_BOUND,
              "Client connections in all; a further one is closed at once.",
              "Each has one or a few origin connections beside it. About 10,000 descriptors are far"
                  + " within what Linux lets a process have (524,288 under systemd).")
          .applied(Applied.AT_ONCE);

  static final Key<Integer> CONNECTIONS_PER_CLIENT_MAX =
      int32(
              "limits.connectionsPerClientMax",
              0,
              0,
              CONNECTIONS_BOUND,
              "Client connections from one address; a further one is closed at once. 0 is no bound"
                  + " but `limits.connectionsMax`. Where clients come with their own addresses, 256 is"
                  + " sixteen mounts with `nconnect=16`.",
              "Behind a balancer or NAT all clients have one address, and any bound would shut most of"
                  + " them out.")
          .applied(Applied.AT_ONCE);

  static final Key<Integer> CALLS_IN_FLIGHT_MAX =
      int32(
          "limits.callsInFlightMax",
          1024,
          1,
          65536,
          "Calls of one connection that have no reply yet. A client that sends more is not read"
              + " until replies have come.",
          "The most slots a Linux client uses in an NFSv4.1 session. An NFSv3 client may send up"
              + " to 65,536 calls; it waits.");

  static final Key<Integer> OPERATIONS_MAX =
      int32(
          "limits.operationsMax",
          1024,
          16,
          65536,
          "Operations in one COMPOUND; a longer one is refused.",
          "Clients send about a dozen. The bound is against calls made up to keep us busy.");

  static final Key<Long> RECORD_MEMORY_BYTES_MAX =
      int64(
          "limits.recordMemoryBytesMax",
          256L << 20,
          1L << 20,
          1L << 40,
          "Bytes of calls that all clients together have begun to send or wait for a worker or the"
              + " origin with. Above it, a client that holds more than 16 KiB is disconnected, and"
              + " sends its calls again. Half of Java's direct memory is used instead if that is"
              + " less, with a warning at the start.",
          "256 writes of 1 MiB; a quarter of the direct memory that Java grants itself on a"
              + " machine with 4 GiB.");

  static final Key<Integer> IDLE_MILLIS =
      int32(
          "limits.idleMillis",
          0,
          0,
          DAY_MILLIS,
          "A connection that has been silent for this long, with no call in flight, is closed. 0 is"
              + " never.",
          "Linux closes an idle NFSv3 connection itself after 5 minutes; NFSv4.1 needs its own for"
              + " callbacks.");

  static final Key<Integer> FIRST_CALL_MILLIS =
      int32(
          "limits.firstCallMillis",
          30_000,
          100,
          DAY_MILLIS,
          "A connection that has not sent a whole call by then is closed, unless one arrives at"
              + " `limits.bytesPerSecondMin` or more.",
          "A client connects because it has a call to send; half a minute is for the worst of"
              + " networks.");

  static final Key<Integer> RECORD_MILLIS =
      int32(
          "limits.recordMillis",
          60_000,
          100,
          DAY_MILLIS,
          "A call that has begun to arrive must be complete by then, or have arrived at"
              + " `limits.bytesPerSecondMin` or more on average; and so on in each further span of"
              + " this length. Else its connection is closed. A record of TLS must be complete by then.",
          "A Linux client on TCP waits 60 seconds for a reply before it tries again (`timeo=600`).");

  static final Key<Integer> BYTES_PER_SECOND_MIN =
      int32(
          "limits.bytesPerSecondMin",
          1024,
          1,
          1 << 30,
          "How slow a client may be: bytes a second of a call that takes longer than"
              + " `limits.recordMillis` to arrive, and of replies that have waited for"
              + " `limits.stallMillis`. One that is slower is taken for dead.",
          "A modem's line of 9,600 bit/s. A write of 1 MiB may take a quarter of an hour so.");

  static final Key<Integer> SAME_XID_MILLIS =
      int32(
          "limits.sameXidMillis",
          180_000,
          100,
          DAY_MILLIS,
          "A call with the xid of an earlier one on its connection waits until that has its reply."
              + " Where there is none for this long, the connection is closed, and the client sends"
              + " its calls again. Calls that wait count for `limits.callsInFlightMax` and"
              + " `limits.recordMemoryBytesMax`.",
          "Who sends a call again has waited for its reply already: a Linux client for 60 seconds, and"
              + " after 180 it says that the server does not respond.");

  static final Key<Integer> HALF_CLOSED_MILLIS =
      int32(
          "limits.halfClosedMillis",
          5_000,
          0,
          DAY_MILLIS,
          "How long a client that has ended its sending side is still sent the replies to its calls."
              + " Then its connection is closed.",
          "A client that is gone for good looks the same, and a Linux client that connects anew waits"
              + " up to 15 seconds for our end first.");

  static final Key<Integer> STALL_MILLIS =
      int32(
          "limits.stallMillis",
          120_000,
          0,
          DAY_MILLIS,
          "A client for which more than 512 KiB of replies wait, and whose socket takes fewer than"
              + " `limits.bytesPerSecondMin` on average for this long, is closed; its origin"
              + " connection is not read meanwhile. 0 is never.",
          "Twice what a Linux client waits for a reply before it connects anew.");

  static final Key<Integer> DRAIN_MILLIS =
      int32(
              "limits.drainMillis",
              10_000,
              0,
              DAY_MILLIS,
              "How long a connection that is sent away (SIGTERM, `POST /drain`, `/rebalance`) may take"
                  + " until no reply and no callback is owed. Then it is closed, and its client sends"
                  + " again what had no reply.",
              "Within the 30 seconds of Kubernetes and the 90 of systemd before SIGKILL.")
          .applied(Applied.AT_ONCE);

  static final Key<Integer> NOTICE_MILLIS =
      int32(
          "drain.noticeMillis",
          0,
          0,
          HOUR_MILLIS,
          "Between failing `/health/ready` and closing the first connection, after SIGTERM or"
              + " `POST /drain`. Meanwhile clients are served as before.",
          "Without a balancer nobody looks. Behind one: as long as two of its checks take.");

  static final Key<Integer> SPREAD_MILLIS =
      int32(
          "drain.spreadMillis",
          5_000,
          0,
          HOUR_MILLIS,
          "Over which connections are closed one by one when the proxy stops, is drained or sheds"
              + " a share; 20 milliseconds for each if that is less.",
          "Within the 30 seconds of Kubernetes, with `limits.drainMillis` behind it.");

  static final Key<UnknownOperations> UNKNOWN_OPERATIONS =
      choice(
              "calls.unknownOperations",
              UnknownOperations.FORWARD,
              "What becomes of a COMPOUND that holds an operation no table of ours has: the origin"
                  + " answers it, or that operation is refused (NFS4ERR_OP_ILLEGAL). Where anything is"
                  + " forbidden to its caller, or data are cached, it is refused, since it cannot be"
                  + " judged.",
              "The origin knows best what it offers, and a proxy should not be the reason why a new"
                  + " operation fails.")
          .applied(Applied.AT_ONCE);

  static final Key<JudgeOn> JUDGE_ON =
      choice(
          "calls.judgeOn",
          JudgeOn.WORKERS,
          "Which threads read and judge calls: workers, woken once for all that an event loop has"
              + " read; or the listeners' event loops themselves, as long as what a connection has"
              + " sent is below 32 KiB. The second saves a third of the CPU and of the latency of"
              + " small calls (docs/performance.md).",
          "What reads calls made by anybody should not run where the sockets are served.");

  static final Key<Integer> WHOLE_BYTES_MAX =
      int32(
          "calls.wholeBytesMax",
          64 * 1024,
          64 * 1024,
          Integer.MAX_VALUE,
          "The longest call that is kept until all of it has arrived. Of a longer WRITE the data go"
              + " to the origin as they arrive, once its beginning was judged; its last bytes follow"
              + " when the whole of it was. From `limits.recordBytesMax` on every call is kept whole.",
          "Below it there is nothing to gain: as much is read from a connection at once.");

  static final Key<Integer> VERIFIES_MAX =
      int32(
          "calls.verifiesMax",
          16,
          0,
          256,
          "The most VERIFY operations that are put into one COMPOUND, so that the origin itself checks"
              + " into which filesystem a name led; sessions are made larger by as many. Behind more"
              + " steps than that, only what every rule allows is allowed.",
          "Linux and FreeBSD take one step or two; a path looked up at once has fewer than 16 names."
              + " A Linux server takes 50 operations in all.");

  static final RuleKey<List<String>> CLIENTS =
      RuleKey.texts(
          "clients",
          List.of("*"),
          Forms.CLIENT,
          "Who may use an export. With an empty array nobody may.",
          "Everybody who reaches the port, as without a proxy in a network that the origin serves.");

  static final RuleKey<Access> ACCESS =
      RuleKey.choice(
          "access",
          Access.RW,
          "Whether files may be written, only read, or nothing at all.",
          "What the origin forbids stays forbidden: rules only take away.");

  static final RuleKey<Squash> SQUASH =
      RuleKey.choice(
          "squash",
          Squash.ROOT,
          "Whose identity is taken away in calls with AUTH_SYS: nobody's, root's (uid and gid 0), or"
              + " everybody's.",
          "As in exports(5): root of a client is not root of the origin.");

  static final RuleKey<Long> ANON_UID =
      RuleKey.id(
          "anonUid",
          Squashing.NOBODY_ID,
          "The user that squashed callers, and those of AUTH_NONE, become.",
          "The user nobody of Linux, as in exports(5).");

  static final RuleKey<Long> ANON_GID =
      RuleKey.id(
          "anonGid",
          Squashing.NOBODY_ID,
          "The group of that user.",
          "The group nogroup or nobody of Linux, as in exports(5).");

  static final RuleKey<List<String>> SECURITY =
      RuleKey.words(
          "security",
          List.of("sys", "krb5", "krb5i", "krb5p"),
          Security.words(),
          "How callers must be known. `none` is AUTH_NONE, anonymous.",
          "All that name a user; which of them the origin takes, it says itself.");

  static final RuleKey<List<String>> VERSIONS =
      RuleKey.words(
          "versions",
          NfsVersion.words(),
          NfsVersion.words(),
          "The versions of NFS in which an export is served.",
          "All; which of them the origin speaks, it says itself.");

  static final RuleKey<Boolean> HIDDEN =
      RuleKey.bool(
          "hidden",
          false,
          "Whether an export is as if it were not there: in no list, its name unknown, its"
              + " filehandles stale.",
          "Found exports are there to be used.");

  static final RuleKey<UnreadableCalls> OPAQUE =
      RuleKey.choice(
          "opaque",
          UnreadableCalls.REFUSE,
          "What becomes of a call that a rule might refuse or change but Kerberos keeps from being"
              + " read or changed.",
          "A rule that Kerberos gets round is none.");

  static final RuleKey<List<String>> TRANSPORT =
      RuleKey.words(
          "transport",
          TransportSecurity.words(),
          TransportSecurity.words(),
          "How a connection must be protected for calls of NFS: in the clear, by TLS, or by TLS with a"
              + " certificate of the client that was verified; as `xprtsec=` in exports(5). MOUNT and"
              + " NLM are always in the clear, and not asked.",
          "Any; what all clients must have, `listen.tls.mode` says.");

  static final RuleKey<List<String>> CERTIFICATES =
      RuleKey.texts(
          "certificates",
          List.of("*"),
          Forms.CERTIFICATE,
          "Names of which the client's certificate must have one, beside being on `clients`. A leading"
              + " `*.` stands for one label; `*` is everybody, with a certificate or without. With an"
              + " empty array nobody may come. As `transport` it holds for NFS alone.",
          "Everybody: who may have a certificate at all, its CA decides.");

  static final RuleKey<Caching> CACHE =
      RuleKey.choice(
          "cache",
          Caching.ON,
          "Whether data that were read of an export's files are kept, where `cache.enabled` is set: with"
              + " \"off\" READs pass as they are.",
          "Whoever turns the cache on wants it; for what is written all the time it can be left out.");

  static final Key<List<Rule>> RULES =
      new Key<>(
          "exports.rules",
          List.of(),
          "an array of objects, each with `path` or `fsid` and any keys of `exports.parameters`",
          "What is different for some exports. For each key an fsid beats a path, a longer path a"
              + " shorter one, and any of them `exports.parameters`.",
          "All exports alike: then no filehandle has to be asked about.",
          ExportRules::rules,
          Applied.AT_ONCE,
          ValueForm.objects(0));

  static final Key<String> RULE_PATH =
      new Key<>(
          "exports.rules[].path",
          "",
          ExportPath.FORM,
          "The rule holds for the filesystems mounted here and below.",
          "Either this or `fsid` must be there.",
          (s, n) -> s.string(n, "", Forms.RULE_PATH),
          Applied.AT_ONCE,
          ValueForm.text(Forms.RULE_PATH));

  static final Key<String> RULE_FSID =
      new Key<>(
          "exports.rules[].fsid",
          "",
          Fsid.FORM,
          "The rule holds for this filesystem, wherever it is mounted.",
          "Either this or `path` must be there.",
          (s, n) -> s.string(n, "", Forms.FSID),
          Applied.AT_ONCE,
          ValueForm.text(Forms.FSID));

  static final Key<Integer> EXPORTS_MAX =
      int32(
          "limits.exportsMax",
          65536,
          16,
          1 << 20,
          "Filesystems of the origin that are known at once. One more, and the one that is missed"
              + " least is forgotten until it is met again.",
          "More than a Linux server is known to mount. Each takes about a kilobyte, when it is"
              + " found.");

  static final Key<Integer> HANDLES_MAX =
      int32(
          "limits.handlesMax",
          1_000_000,
          64,
          64 << 20,
          "Filehandles whose filesystem is remembered. What was not used lately makes room, and"
              + " costs one question to the origin when it comes again.",
          "26 MB of memory, taken with the first handle; the files that some hundred busy clients"
              + " have at hand.");

  static final Key<Integer> QUESTIONS_MAX =
      int32(
          "limits.questionsMax",
          32,
          1,
          1024,
          "Questions of our own (which filesystem is this handle in, where does this name lead) that"
              + " the origin is asked at once. More wait; clients take turns, and so do the"
              + " connections of one client.",
          "What the `nfs` backend's connection for questions has in flight: more would only wait"
              + " there, where nobody takes turns.");

  static final Key<Integer> QUESTIONS_PER_CLIENT_MAX =
      int32(
          "limits.questionsPerClientMax",
          16,
          1,
          1024,
          "Those for one client's address. Where all clients come with one address, from a balancer"
              + " or NAT, make it as large as `limits.questionsMax`.",
          "Half of all: one client whose questions take long leaves the other half.");

  static final Key<Integer> QUESTIONS_PER_CONNECTION_MAX =
      int32(
          "limits.questionsPerConnectionMax",
          16,
          1,
          1024,
          "Questions of one connection that are asked or wait for their turn. The calls that need"
              + " more wait in front of them.",
          "As many as one client may have under way. With `limits.connectionsMax` it bounds what"
              + " waits in all: 65,536 questions, some 30 MB.");

  static final Key<Integer> REFRESH_MILLIS =
      int32(
          "discovery.refreshMillis",
          60_000,
          1_000,
          DAY_MILLIS,
          "Between two looks at what the origin exports and at whether known filesystems are where"
              + " they were. A new one is found with its first handle too, without waiting.",
          "A filesystem that was reformatted or mounted elsewhere is known for it within a minute.");

  static final Key<Boolean> ADMIN_ENABLED =
      bool(
          "admin.enabled",
          true,
          "Whether the admin pages are served: by HTTP, or with `admin.tls` by HTTPS.",
          "On the loopback address it tells nothing to anybody who is not on the machine.");

  static final Key<String> ADMIN_HOST =
      text(
          "admin.host",
          "127.0.0.1",
          Hosts.HOST,
          "Where it is served. Whoever reaches it may read it, unless `admin.tokenForReading` is true.",
          "Whoever wants more than this machine to read it, should decide so.");

  static final Key<Integer> ADMIN_PORT =
      int32(
          "admin.port",
          9049,
          0,
          65535,
          "Its TCP port. 0 is any free port, which the log tells. If it cannot be had, the log says"
              + " so and clients are served all the same.",
          "No other service is known there.");

  static final Key<List<String>> ADMIN_HOSTS =
      texts(
          "admin.hosts",
          List.of(),
          TextForm.of(Hosts::isHost, "a host name", Hosts.HOST.pattern()),
          "Further names by which clients of these pages may know this machine, in `Host`: that of a"
              + " Service, of a reverse proxy. `localhost`, `admin.host`, addresses and the names"
              + " that the machine has in its own files are always taken; others are refused.",
          "A name from elsewhere is what a page on the web would use to read these by way of an"
              + " administrator's browser.");

  static final Key<List<String>> ADMIN_ACTIONS_FROM =
      texts(
          "admin.actionsFrom",
          List.of("127.0.0.0/8", "::1"),
          Forms.CLIENT,
          "Who may `POST /drain`, `/undrain`, `/rebalance`, `/clients/close`, `/locks/release`, `/cache/purge`,"
              + " `/cache/warm`, `/cache/warm/stop`, `/log/level`, `/capture` and `/capture/stop`, by address; with the token, where there is"
              + " `admin.tokenFile`. With a loopback address on the list, all addresses of this machine"
              + " are.",
          "This machine, by any of its addresses, also where `admin.host` lets others read.");

  static final Key<Boolean> METRICS_ENABLED =
      bool(
          "metrics.enabled",
          true,
          "Whether calls are counted and timed, for `GET /metrics`, `/clients` and `/exports` of the"
              + " admin pages.",
          "What was not counted cannot be looked up afterwards. What it costs:"
              + " docs/performance-measurements.md.");

  static final Key<Integer> METRICS_CLIENTS =
      int32(
          "metrics.clients",
          1000,
          0,
          100_000,
          "Client addresses that are counted by themselves: the busiest. All others are counted"
              + " together, as `other`.",
          "More than most sites have. Each takes about 1.5 KB for each event loop that has a"
              + " connection of it, and six lines of `/metrics`.");

  static final Key<Integer> METRICS_EXPORTS =
      int32(
          "metrics.exports",
          1000,
          0,
          65536,
          "Exports that are counted by themselves, in the order in which they were found. Calls for"
              + " others are counted together, as `other`.",
          "More than most servers have. Each takes a kilobyte for each event loop that has met it.");

  static final Key<Integer> METRICS_PAIRS =
      int32(
          "metrics.pairs",
          20_000,
          0,
          1_000_000,
          "Of all clients that are counted by themselves, pairs of export and operation that are:"
              + " those that are met first. The rest is counted by operation alone, as client and"
              + " export `other`.",
          "As many lines of `/metrics`, 3 MB: a thousand clients with twenty operations each. 32"
              + " bytes of memory for each.");

  static final Key<Integer> METRICS_PAIRS_PER_CLIENT =
      int32(
          "metrics.pairsPerClient",
          200,
          0,
          10_000,
          "Those of one client.",
          "Ten exports and some twenty operations on each; a hundredth of all.");

  static final Key<String> OTLP_URL =
      text(
          "metrics.otlp.url",
          "",
          Forms.HTTP_URL.orEmpty(),
          "Where an OpenTelemetry collector takes the numbers of `/metrics` by OTLP over HTTP, in JSON:"
              + " `http://collector.example.com:4318/v1/metrics`. Empty: nothing is pushed.",
          "Prometheus comes and asks.");

  static final Key<Integer> OTLP_PERIOD_MILLIS =
      int32(
          "metrics.otlp.periodMillis",
          60_000,
          1_000,
          3_600_000,
          "From one push to the next. One that has had no answer by then is given up; there is never a"
              + " second one under way.",
          "OpenTelemetry's own.");

  static final Key<List<String>> OTLP_HEADERS =
      texts(
          "metrics.otlp.headers",
          List.of(),
          Forms.HTTP_HEADER,
          "Headers of each push, for a collector that wants to know who it is:"
              + " `Authorization: Bearer ...`. `check-config --print` shows them.",
          "A collector of one's own network asks for none.");

  static final Key<LogFormat> LOG_FORMAT =
      choice(
              "log.format",
              LogFormat.TEXT,
              "How each event is written, on a line of standard error: for people, or as a JSON object"
                  + " with `timestamp` (milliseconds since 1970), `level`, `threadName`, `loggerName`,"
                  + " `formattedMessage` and `throwable` (null for none).",
              "It is read by people first.")
          .applied(Applied.AT_ONCE);

  static final Key<List<String>> LOG_LEVELS =
      texts(
              "log.levels",
              List.of(),
              LogLevel.FORM,
              "Areas that say more or less than `NFS_PROXY_LOG` says for all: `judge=DEBUG`,"
                  + " `refusals=ERROR`. The last one of an area counts.",
              "The same for all areas.")
          .applied(Applied.AT_ONCE);

  static final Key<Integer> REFUSAL_MILLIS =
      int32(
          "log.refusalMillis",
          60_000,
          1_000,
          DAY_MILLIS,
          "A client that is refused something is told to the log once for each reason and rule; how"
              + " often it was refused again, at the end of so long a period.",
          "Soon enough for who tries a mount and looks, and some hundred lines a day of a client that"
              + " never stops.");

  static final Key<Integer> REFUSAL_LINES_MAX =
      int32(
          "log.refusalLinesMax",
          100,
          0,
          10_000,
          "The most such lines in a period, of all clients together; what is beyond is one number. 0 is"
              + " none: refusals are counted alone.",
          "A hundred clients that were set up wrongly are seen each; a thousand write 40 MB a day.");

  static final Key<Integer> SLOW_CALL_MILLIS =
      int32(
              "log.slowCallMillis",
              0,
              0,
              DAY_MILLIS,
              "Calls that took longer, here and at the origin together, are told to the log: operation,"
                  + " client, user, export, xid and both times. 0 is none. Needs `metrics.enabled`.",
              "What is slow is for the administrator to say; /metrics has the times of all calls.")
          .applied(Applied.AT_ONCE);

  static final Key<Integer> SLOW_CALL_LINES_MAX =
      int32(
          "log.slowCallLinesMax",
          20,
          1,
          10_000,
          "The most of them in `log.refusalMillis`; what is beyond is one number.",
          "When the origin stands still all calls are slow, and a few lines say so.");

  static final Key<Integer> SCAN_MILLIS =
      int32(
              "reload.scanMillis",
              5_000,
              0,
              DAY_MILLIS,
              "Between two looks at whether this file has changed. What has is applied, as far as"
                  + " its keys can be while the proxy runs. 0 is never.",
              "Soon enough for whoever waits for it; reading some kilobytes costs nothing.")
          .applied(Applied.AT_ONCE);
  static final Key<Integer> WORKERS =
      int32(
          "workers",
          0,
          0,
          256,
          "Threads that read and judge calls. 0 is one for each core.",
          "Judging computes and does not wait: more threads than cores gain nothing.");

  static final Key<Integer> LISTENERS =
      int32(
          "listeners",
          0,
          0,
          256,
          "Listener verticles, each on an event loop of its own. 0 is one for each core.",
          "Sockets only compute too.");

  // Which words there are is known when the providers are, see ConfigurationReader.
  static final Key<String> BACKEND_TYPE =
      text(
              "backend.type",
              "nfs",
              text -> true,
              "a backend that is part of this jar",
              "What is behind the proxy. The backend reads the other keys of `backend`.",
              "An NFS server is what nearly everybody has.")
          .applied(Applied.AT_RESTART_WITH_ALL);

  private static final List<Key<?>> OWN =
      List.of(
          LISTEN_HOST,
          LISTEN_PORT,
          PORTMAP_ENABLED,
          PORTMAP_PORT,
          PORTMAP_ADVERTISE,
          PROXY_PROTOCOL_TRUSTED,
          PROXY_PROTOCOL_HOST,
          PROXY_PROTOCOL_PORT,
          PROXY_PROTOCOL_HEADER_MILLIS,
          BACKEND_TYPE,
          RECORD_BYTES_MAX,
          CONNECTIONS_MAX,
          CONNECTIONS_PER_CLIENT_MAX,
          CALLS_IN_FLIGHT_MAX,
          OPERATIONS_MAX,
          RECORD_MEMORY_BYTES_MAX,
          IDLE_MILLIS,
          FIRST_CALL_MILLIS,
          RECORD_MILLIS,
          STALL_MILLIS,
          BYTES_PER_SECOND_MIN,
          SAME_XID_MILLIS,
          HALF_CLOSED_MILLIS,
          DRAIN_MILLIS,
          EXPORTS_MAX,
          HANDLES_MAX,
          QUESTIONS_MAX,
          QUESTIONS_PER_CLIENT_MAX,
          QUESTIONS_PER_CONNECTION_MAX,
          UNKNOWN_OPERATIONS,
          JUDGE_ON,
          WHOLE_BYTES_MAX,
          VERIFIES_MAX,
          CLIENTS.key(),
          ACCESS.key(),
          SQUASH.key(),
          ANON_UID.key(),
          ANON_GID.key(),
          SECURITY.key(),
          VERSIONS.key(),
          HIDDEN.key(),
          OPAQUE.key(),
          TRANSPORT.key(),
          CERTIFICATES.key(),
          CACHE.key(),
          RULES,
          REFRESH_MILLIS,
          ADMIN_ENABLED,
          ADMIN_HOST,
          ADMIN_PORT,
          ADMIN_HOSTS,
          ADMIN_ACTIONS_FROM,
          METRICS_ENABLED,
          METRICS_CLIENTS,
          METRICS_EXPORTS,
          METRICS_PAIRS,
          METRICS_PAIRS_PER_CLIENT,
          OTLP_URL,
          OTLP_PERIOD_MILLIS,
          OTLP_HEADERS,
          NOTICE_MILLIS,
          SPREAD_MILLIS,
          LOG_FORMAT,
          LOG_LEVELS,
          REFUSAL_MILLIS,
          REFUSAL_LINES_MAX,
          SLOW_CALL_MILLIS,
          SLOW_CALL_LINES_MAX,
          SCAN_MILLIS,
          WORKERS,
          LISTENERS);

  static final List<Key<?>> ALL =
      Stream.of(
              OWN,
              AdminAccessKeys.ALL,
              LivePageKeys.ALL,
              AuditKeys.ALL,
              CaptureKeys.ALL,
              CacheKeys.ALL,
              WarmKeys.ALL,
              CacheDiskKeys.ALL,
              NeighbourKeys.ALL,
              TlsKeys.ALL,
              LocksKeys.ALL,
              ClusterKeys.ALL)
          .flatMap(List::stream)
          .toList();

  /** The keys of each object of {@code exports.rules} that are not keys of the parameters. */
  static final List<Key<?>> OF_A_RULE = List.of(RULE_PATH, RULE_FSID);

  private Keys() {}
}
