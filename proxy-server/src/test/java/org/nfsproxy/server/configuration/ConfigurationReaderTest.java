package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.BackendProvider;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.Squashing;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.server.tls.ClientCertificates;
import org.nfsproxy.server.tls.TlsFiles;
import org.nfsproxy.testing.FakeProvider;
import org.nfsproxy.testing.FakeProvider.FakeBackend;

// No Vertx: the fake backends need none.
class ConfigurationReaderTest {
  private static final NeighbourSettings NEIGHBOURS =
      new NeighbourSettings(
          false, "127.0.0.1", 4047, "", 50, 10_000, 1024, 256 << 10, 16L << 20, 256);

  private static final List<BackendProvider> PROVIDERS =
      List.of(new FakeProvider("nfs"), new FakeProvider("other"));

  private static final Parameters STANDARD =
      new Parameters(
          ClientMatch.of(List.of("*")),
          Access.RW,
          new Squashing(Squash.ROOT, 65534, 65534),
          EnumSet.of(Security.SYS, Security.KRB5, Security.KRB5I, Security.KRB5P),
          EnumSet.allOf(NfsVersion.class),
          false,
          UnreadableCalls.REFUSE,
          TransportSecurity.ALL,
          CertificateMatch.EVERYBODY,
          Caching.ON);

  private static final String MINIMAL = "{'backend':{'origin':{'host':'nfs.example.com'}}}";

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }

  private static Configured read(JsonObject json) throws ConfigurationException {
    return new ConfigurationReader(null, PROVIDERS).read(json);
  }

  private static List<String> mistakes(JsonObject json) {
    return assertThrows(ConfigurationException.class, () -> read(json)).mistakes();
  }

  private static JsonObject minimalWith(String path, Object value) {
    return json(MINIMAL).mergeIn(at(path, value), true);
  }

  private static JsonObject at(String path, Object value) {
    int dot = path.indexOf('.');
    return dot < 0
        ? new JsonObject().put(path, value)
        : new JsonObject().put(path.substring(0, dot), at(path.substring(dot + 1), value));
  }

  private static final Cluster ALONE =
      new Cluster(
          false,
          "nfs-proxy",
          "",
          "127.0.0.1",
          5701,
          "",
          new Cluster.Join(List.of(), "", 54327, "", "", "default"),
          10,
          50,
          10_000,
          300);

  private static List<Key<?>> keys() {
    return Keys.ALL;
  }

  private static final ListenTls NO_TLS =
      new ListenTls(
          TlsMode.OFF, new TlsFiles("", "", ""), ClientCertificates.NONE, 10_000, 512, 64);

  @Test
  void minimalFile_givesTheDefaults() throws ConfigurationException {
    Configured configured = read(json(MINIMAL));
    int cores = Runtime.getRuntime().availableProcessors();
    ProxyConfiguration expected =
        new ProxyConfiguration(
            new Listen(
                "0.0.0.0",
                2049,
                new Listen.Portmap(false, 111, ""),
                new ProxyProtocol(ClientMatch.of(List.of()), "0.0.0.0", 2050, 5_000),
                NO_TLS),
            new Limits(
                5242880,
                4096,
                4096,
                1024,
                1024,
                268435456L,
                0,
                30_000,
                60_000,
                120_000,
                1024,
                180_000,
                5_000,
                10_000),
            new Calls(UnknownOperations.FORWARD, JudgeOn.WORKERS, 65536, 16),
            new ExportRules(new Rules(STANDARD, List.of())),
            new DiscoverySettings(65536, 1_000_000, 60_000, 32, 16, 16),
            ALONE,
            new MarkName("nfs-proxy", MarkName.From.STANDARD),
            new Admin(
                true,
                "127.0.0.1",
                9049,
                List.of(),
                ClientMatch.of(List.of("127.0.0.0/8", "::1")),
                new LivePage(8, 2000, 100),
                AdminAccess.OPEN),
            new MetricsSettings(
                true, 1000, 1000, 20_000, 200, new OtlpSettings("", 60_000, List.of())),
            new LogSettings(LogFormat.TEXT, List.of(), 60_000, 100, 0, 20),
            new Audit("", true, true, true, List.of(), 64L << 20, 10, 16_384, 16L << 20),
            new CaptureSettings(1_000, 4L << 20, 600_000),
            new CacheSettings(
                false,
                268435456,
                65536,
                131072,
                4096,
                2000,
                3600000,
                10_000,
                0,
                8 << 20,
                new WarmSettings(-1, -1, List.of(), 16_384, 4L << 20),
                new CacheDisk("", 0, 1 << 20, 64L << 20, 256, 4),
                NEIGHBOURS),
            new Locks(
                false,
                "",
                "",
                "",
                4046,
                "",
                4045,
                662,
                256,
                262_144,
                65_536,
                128L << 20,
                256,
                32L << 20,
                32L << 20,
                8L << 20,
                256,
                32,
                64),
            new Drain(0, 5_000),
            new Reload(5_000),
            cores,
            cores);
    assertEquals(expected, configured.proxy());
    assertEquals(expected, ProxyConfiguration.standard());
    assertEquals(new FakeBackend("nfs.example.com", 2049), configured.backend());
  }

  @Test
  void everyKey_canBeSet() throws ConfigurationException {
    Configured configured =
        read(
            json(
                """
                {'listen':{'host':'::','port':20490,
                           'portmap':{'enabled':true,'port':1111,'advertise':'10.0.0.7'},
                           'proxyProtocol':{'trusted':['::1'],'host':'::','port':2050,
                                            'headerMillis':101}},
                 'backend':{'type':'other','origin':{'host':'10.0.0.1','port':2050}},
                 'limits':{'recordBytesMax':2000000,'connectionsMax':10,'connectionsPerClientMax':4,
                           'callsInFlightMax':5,'operationsMax':66,
                           'recordMemoryBytesMax':5000000000,'idleMillis':77,
                           'firstCallMillis':888,'recordMillis':999,'stallMillis':1111,
                           'bytesPerSecondMin':9,'sameXidMillis':101,'halfClosedMillis':8,
                           'drainMillis':0,
                           'exportsMax':17,'handlesMax':65,
                           'questionsMax':9,'questionsPerClientMax':8,
                           'questionsPerConnectionMax':7},
                 'locks':{'enabled':false,'stateDirectory':'/locks','address':'10.0.0.8',
                          'callbackFrom':'10.0.0.9','forwardPort':4047,'secretFile':'/secret',
                          'port':4046,'nsmPort':663,
                          'ownersPerClientMax':3,'heldMax':5,'heldPerClientMax':4,
                          'heldBytesMax':2000000,'callsPerClientMax':2,'callBytesMax':3000000,
                          'repeatsBytesMax':4000000,'unwrittenBytesMax':500000,
                          'callbacksMax':12,'strangersMax':11,'strangersPerSecondMax':10},
                 'calls':{'unknownOperations':'refuse','judgeOn':'listeners','wholeBytesMax':70000},
                 'exports':{'parameters':{'clients':['10.0.0.0/8'],'access':'ro','squash':'all',
                                          'anonUid':4294967294,'anonGid':7,'security':['none'],
                                          'versions':['3'],'hidden':true,'opaque':'forward'},
                            'rules':[{'path':'/a','access':'none'},{'fsid':'1f:2','hidden':false}]},
                 'discovery':{'refreshMillis':5000},
                 'cluster':{'enabled':true,'name':'Site-A.1_b','instance':'a','host':'10.0.0.0/8',
                            'port':5702,'page':'https://gate.example.com/a/','join':{'tcpIp':['10.0.0.1','[::1]:5703'],
                                                'multicast':{'group':'','port':1},
                                                'kubernetes':{'serviceDns':'','serviceName':'',
                                                              'namespace':'nfs'}},
                            'heartbeatSeconds':11,'lookupMillis':51,'backOffMillis':9000,
                            'entrySeconds':60},
                 'admin':{'enabled':false,'host':'::1','port':0,'hosts':['pages.example.com'],'actionsFrom':['10.0.0.0/8'],
                          'tls':{'certificate':'/admin.pem','key':'/admin.key'},
                          'tokenFile':'/token','tokenForReading':true,'connectionsMax':33,
                          'login':{'sessionsMax':65,'sessionMillis':60001,'failuresMax':11,'addressesMax':1025},
                          'page':{'listenersMax':3,'eventMillis':501,'rowsMax':7}},
                 'metrics':{'enabled':false,'clients':5,'exports':6,'pairs':7,'pairsPerClient':8,
                            'otlp':{'url':'https://collector.example.com:4318/v1/metrics',
                                    'periodMillis':5000,'headers':['Authorization: Bearer x']}},
                 'log':{'format':'json','levels':['judge=DEBUG'],'refusalMillis':5000,'refusalLinesMax':9,'slowCallMillis':250,'slowCallLinesMax':3},
                 'audit':{'file':'','what':['refusals'],'without':['WRITE'],'fileBytesMax':70000,
                          'filesMax':3,'queueMax':65,'queueBytesMax':80000},
                 'capture':{'callsMax':9,'bytesMax':70000,'millisMax':2000},
                 'cache':{'enabled':true,'memoryBytesMax':16777217,'filesMax':17,'blockBytes':4097,
                          'minimumBytes':513,'settledMillis':3000,'settledAgeMillis':7200000,
                          'waitMillis':4000,'directory':'/c','diskBytesMax':1073741825,
                          'diskBlocksMax':16385,'diskQueueBytesMax':2097153,'diskReadsMax':2,
                          'diskThreads':3,
                          'neighbours':{'enabled':true,'host':'10.0.0.5','port':4048,
                                        'secretFile':'/secret','answerMillis':21,
                                        'waitMillis':2001,'asksMax':17,'unsentBytesMax':17000,
                                        'putBytesMax':1100000,'instancesMax':3},
                          'ahead':{'bytesMax':131072,'bytesInFlightMax':65536},
                          'warm':{'uid':7,'gid':4294967295,'gids':['27'],'filesMax':8,
                                  'bytesInFlightMax':70000}},
                 'drain':{'noticeMillis':1,'spreadMillis':2},
                 'reload':{'scanMillis':0},
                 'workers':3,'listeners':4}"""));
    assertEquals(
        new ProxyConfiguration(
            new Listen(
                "::",
                20490,
                new Listen.Portmap(true, 1111, "10.0.0.7"),
                new ProxyProtocol(ClientMatch.of(List.of("::1")), "::", 2050, 101),
                NO_TLS),
            new Limits(2000000, 10, 4, 5, 66, 5000000000L, 77, 888, 999, 1111, 9, 101, 8, 0),
            new Calls(UnknownOperations.REFUSE, JudgeOn.LISTENERS, 70000, 16),
            new ExportRules(
                new Rules(
                    new Parameters(
                        ClientMatch.of(List.of("10.0.0.0/8")),
                        Access.RO,
                        new Squashing(Squash.ALL, -2, 7),
                        EnumSet.of(Security.NONE),
                        EnumSet.of(NfsVersion.V3),
                        true,
                        UnreadableCalls.FORWARD,
                        TransportSecurity.ALL,
                        CertificateMatch.EVERYBODY,
                        Caching.ON),
                    List.of(
                        Rule.of(ExportPath.of("/a"), access(Access.NONE)),
                        Rule.of(new Fsid(0x1f, 2), hidden(false))))),
            new DiscoverySettings(17, 65, 5000, 9, 8, 7),
            new Cluster(
                true,
                "Site-A.1_b",
                "a",
                "10.0.0.0/8",
                5702,
                "https://gate.example.com/a/",
                new Cluster.Join(List.of("10.0.0.1", "[::1]:5703"), "", 1, "", "", "nfs"),
                11,
                51,
                9000,
                60),
            new MarkName("Site-A.1_b", MarkName.From.CONFIGURED),
            new Admin(
                false,
                "::1",
                0,
                List.of("pages.example.com"),
                ClientMatch.of(List.of("10.0.0.0/8")),
                new LivePage(3, 501, 7),
                new AdminAccess(
                    new TlsFiles("admin.tls", "/admin.pem", "/admin.key", ""),
                    "/token",
                    true,
                    65,
                    60_001,
                    11,
                    1025,
                    33)),
            new MetricsSettings(
                false,
                5,
                6,
                7,
                8,
                new OtlpSettings(
                    "https://collector.example.com:4318/v1/metrics",
                    5000,
                    List.of("Authorization: Bearer x"))),
            new LogSettings(
                LogFormat.JSON, List.of(new LogLevel("judge", "DEBUG")), 5_000, 9, 250, 3),
            new Audit("", false, true, false, List.of("WRITE"), 70_000, 3, 65, 80_000),
            new CaptureSettings(9, 70_000, 2_000),
            new CacheSettings(
                true,
                16777217,
                17,
                4097,
                513,
                3000,
                7200000,
                4000,
                131072,
                65536,
                new WarmSettings(7, 4294967295L, List.of(27), 8, 70_000),
                new CacheDisk("/c", 1073741825, 16385, 2097153, 2, 3),
                new NeighbourSettings(
                    true, "10.0.0.5", 4048, "/secret", 21, 2001, 17, 17_000, 1_100_000L, 3)),
            new Locks(
                false,
                "/locks",
                "10.0.0.8",
                "10.0.0.9",
                4047,
                "/secret",
                4046,
                663,
                3,
                5,
                4,
                2_000_000,
                2,
                3_000_000,
                4_000_000,
                500_000,
                12,
                11,
                10),
            new Drain(1, 2),
            new Reload(0),
            3,
            4),
        configured.proxy());
    assertEquals(new FakeBackend("10.0.0.1", 2050), configured.backend());
  }

  @Test
  void neighbours_withoutACluster_areWarnedOf() throws ConfigurationException {
    Configured configured =
        read(json("{'backend':{'origin':{'host':'a'}},'cache':{'neighbours':{'enabled':true}}}"));
    assertEquals(1, configured.warnings().size());
    assertTrue(
        configured.warnings().get(0).startsWith("cache.neighbours.enabled: there is nobody to ask"),
        configured.warnings()::toString);
  }

  @Test
  void mistakesOfOneSection_hideNoneOfItsOthers() {
    List<String> mistakes =
        mistakes(
            json(
                "{'backend':{'origin':{'host':'a'}},"
                    + "'cluster':{'enabled':true,'join':{'tcpIp':['10.0.0.2']}},"
                    + "'cache':{'without':['/a'],'directory':'/c',"
                    + "'neighbours':{'enabled':true,'port':0}},"
                    + "'locks':{'enabled':true,'stateDirectory':'/l','port':-1}}"));
    assertEquals(
        List.of(
            "cache.without",
            "cache.diskBytesMax",
            "cache.neighbours.port",
            "cache.neighbours.secretFile",
            "locks.port",
            "locks.address",
            "locks.secretFile"),
        mistakes.stream().map(each -> each.substring(0, each.indexOf(':'))).toList());
  }

  @Test
  void warnings_areToldBesideMistakes() {
    ConfigurationException wrong =
        assertThrows(
            ConfigurationException.class,
            () ->
                read(
                    json(
                        "{'backend':{'origin':{'host':'a'}},"
                            + "'cache':{'without':['/a'],'neighbours':{'enabled':true}}}")));
    assertEquals(1, wrong.mistakes().size());
    assertEquals(1, wrong.warnings().size());
    assertTrue(wrong.warnings().get(0).startsWith("cache.neighbours.enabled: there is nobody"));
    assertTrue(wrong.warnings().get(0).contains("cache.neighbours.secretFile"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | cache.neighbours.secretFile: found nothing, expected a file with a secret",
        "secret | cache.neighbours.secretFile: found \"secret\", expected an absolute path"
      })
  void neighbours_withoutWhatTheyNeed_areOneMistake(String secretFile, String expected) {
    List<String> mistakes =
        mistakes(
            json(
                ("{'backend':{'origin':{'host':'a'}},"
                        + "'cluster':{'enabled':true,'join':{'tcpIp':['10.0.0.2']}},"
                        + "'cache':{'enabled':true,'neighbours':{'enabled':true,'secretFile':'%s'}}}")
                    .formatted(secretFile)));
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith(expected), mistakes.get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'stateDirectory':null | locks.stateDirectory: found null",
        "'stateDirectory':'state' | locks.stateDirectory: found \"state\", expected an absolute path",
        "'stateDirectory':'' | locks.stateDirectory: found nothing",
        "'port':4046 | locks.stateDirectory: found nothing",
      })
  void folderForLocks_thatIsNone_isOneMistake(String key, String expected) {
    List<String> mistakes =
        mistakes(
            json("{'backend':{'origin':{'host':'a'}},'locks':{'enabled':true,%s}}".formatted(key)));
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith(expected), mistakes.get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'secretFile':'/s' | '' | locks.address: found nothing, expected an address that moves",
        "'address':'10.0.0.8' | '' | locks.secretFile: found nothing, expected a file with a secret",
        "'address':'10.0.0.8','secretFile':'s' | '' | locks.secretFile: found \"s\"",
        "'address':'127.0.0.1','secretFile':'/s' | '' | locks.address: found \"127.0.0.1\"",
        "'address':'0.0.0.0','secretFile':'/s' | '' | locks.address: found \"0.0.0.0\"",
        "'address':'10.0.0.8','secretFile':'/s','forwardPort':4045 | '' | locks.forwardPort: found 4045",
        "'address':'10.0.0.8','secretFile':'/s' | 'host':'10.0.0.5' | locks.enabled: found true",
      })
  void locksOfSeveralInstances_withoutWhatTheyNeed_areOneMistake(
      String locks, String listen, String expected) {
    List<String> mistakes =
        mistakes(
            json(
                ("{'backend':{'origin':{'host':'a'}},'listen':{%s},"
                        + "'cluster':{'enabled':true,'host':'10.0.0.1','join':{'tcpIp':['10.0.0.2']}},"
                        + "'locks':{'enabled':true,'stateDirectory':'/state',%s}}")
                    .formatted(listen, locks)));
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith(expected), mistakes.get(0));
  }

  @Test
  void locksOfSeveralInstances_withAnAddressAndASecret_areTaken() throws ConfigurationException {
    Locks locks =
        read(json(
                "{'backend':{'origin':{'host':'a'}},"
                    + "'cluster':{'enabled':true,'host':'10.0.0.1','join':{'tcpIp':['10.0.0.2']}},"
                    + "'locks':{'enabled':true,'stateDirectory':'/state','address':'10.0.0.8',"
                    + "'secretFile':'/secret'}}"))
            .proxy()
            .locks();
    assertEquals(
        "10.0.0.8 4046 /secret",
        "%s %d %s".formatted(locks.address(), locks.forwardPort(), locks.secretFile()));
  }

  @Test
  void ruleWhoseOneKeyIsMisspelt_isOneMistake_aboutThatKey() {
    assertEquals(
        List.of(
            "exports.rules[0].acess: found an unknown key, did you mean exports.rules[0].access?"),
        mistakes(
            json(
                "{'backend':{'origin':{'host':'a'}},'exports':{'rules':[{'path':'/a','acess':'ro'}]}}")));
  }

  @Test
  void slowCalls_whereNothingIsCounted_areWarnedOf() throws ConfigurationException {
    Configured configured =
        read(
            json(
                "{'backend':{'origin':{'host':'a'}},'metrics':{'enabled':false},'log':{'slowCallMillis':5}}"));
    assertEquals(1, configured.warnings().size());
    assertTrue(
        configured.warnings().get(0).startsWith("log.slowCallMillis: no slow call is told"),
        configured.warnings()::toString);
  }

  @Test
  void auditLog_whereNothingIsCounted_isAMistake() {
    List<String> mistakes =
        mistakes(
            json(
                "{'backend':{'origin':{'host':'a'}},'metrics':{'enabled':false},'audit':{'file':'/a'}}"));
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(
        mistakes.get(0).startsWith("audit.file: found a file, and metrics"), mistakes.get(0));
  }

  @Test
  void directoryOfTheCache_withoutHowMuch_isAMistake() {
    List<String> mistakes =
        mistakes(json("{'backend':{'origin':{'host':'a'}},'cache':{'directory':'/c'}}"));
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(
        mistakes.get(0).startsWith("cache.diskBytesMax: found 0, expected 1073741824 or more"),
        mistakes.get(0));
  }

  private static Overrides access(Access access) {
    return new Overrides(null, access, null, null, null, null, null, null, null, null, null, null);
  }

  private static Overrides hidden(boolean hidden) {
    return new Overrides(null, null, null, null, null, null, null, hidden, null, null, null, null);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKey_takesItsOwnDefault(Key<?> key) throws ConfigurationException {
    String written = "{\"value\":" + key.standardAsJson() + "}";
    read(minimalWith(key.path(), new JsonObject(written).getValue("value")));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKey_ofAWrongType_isReportedByItsPath(Key<?> key) {
    List<String> mistakes = mistakes(minimalWith(key.path(), new JsonObject().put("no", true)));
    assertEquals(1, mistakes.size(), mistakes::toString);
    String expected = key.path() + ": found {\"no\":true}, expected ";
    assertEquals(expected, mistakes.get(0).substring(0, expected.length()));
  }

  @ParameterizedTest
  @CsvSource({
    "listen.port, -1, 65536",
    "listen.portmap.port, -1, 65536",
    "limits.recordBytesMax, 1023, 1073741825",
    "limits.connectionsMax, 0, 1000001",
    "limits.connectionsPerClientMax, -1, 1000001",
    "limits.callsInFlightMax, 0, 65537",
    "limits.operationsMax, 15, 65537",
    "limits.recordMemoryBytesMax, 1048575, 1099511627777",
    "limits.idleMillis, -1, 86400001",
    "limits.firstCallMillis, 99, 86400001",
    "limits.recordMillis, 99, 86400001",
    "limits.bytesPerSecondMin, 0, 1073741825",
    "limits.sameXidMillis, 99, 86400001",
    "limits.halfClosedMillis, -1, 86400001",
    "limits.drainMillis, -1, 86400001",
    "listen.proxyProtocol.port, -1, 65536",
    "listen.proxyProtocol.headerMillis, 99, 60001",
    "drain.noticeMillis, -1, 3600001",
    "drain.spreadMillis, -1, 3600001",
    "exports.parameters.anonUid, -1, 4294967295",
    "exports.parameters.anonGid, -1, 4294967295",
    "workers, -1, 257",
    "listeners, -1, 257",
  })
  void number_justOutOfRange_isRefused(String path, long below, long above) throws Exception {
    for (long value : new long[] {below, above}) {
      List<String> mistakes = mistakes(minimalWith(path, value));
      String expected =
          "%s: found %d, expected a whole number from %d to %d"
              .formatted(path, value, below + 1, above - 1);
      assertEquals(List.of(expected), mistakes);
    }
    assertEquals(below + 1, numberAt(path, below + 1));
    assertEquals(above - 1, numberAt(path, above - 1));
  }

  // With recordMemoryBytesMax at its largest, so that the largest record fits; 0 stands for "as
  // many as ..." in three keys, which the other tests look at.
  private static long numberAt(String path, long value) throws ConfigurationException {
    JsonObject json = minimalWith("limits.recordMemoryBytesMax", 1L << 40);
    if (path.equals("limits.recordMemoryBytesMax")) {
      json = minimalWith("limits.recordBytesMax", 1024);
    }
    if (path.equals("limits.connectionsPerClientMax")) {
      json = minimalWith("limits.connectionsMax", 1_000_000);
    }
    ProxyConfiguration proxy = read(json.mergeIn(at(path, value), true)).proxy();
    Limits limits = proxy.limits();
    return switch (path) {
      case "listen.port" -> proxy.listen().port();
      case "listen.portmap.port" -> proxy.listen().portmap().port();
      case "limits.recordBytesMax" -> limits.recordBytesMax();
      case "limits.connectionsMax" -> limits.connectionsMax();
      case "limits.connectionsPerClientMax" ->
          value == 0
              ? 1_000_000 - limits.connectionsPerClientMax()
              : limits.connectionsPerClientMax();
      case "limits.callsInFlightMax" -> limits.callsInFlightMax();
      case "limits.operationsMax" -> limits.operationsMax();
      case "limits.recordMemoryBytesMax" -> limits.recordMemoryBytesMax();
      case "limits.idleMillis" -> limits.idleMillis();
      case "limits.firstCallMillis" -> limits.firstCallMillis();
      case "limits.recordMillis" -> limits.recordMillis();
      case "limits.bytesPerSecondMin" -> limits.bytesPerSecondMin();
      case "limits.sameXidMillis" -> limits.sameXidMillis();
      case "limits.halfClosedMillis" -> limits.halfClosedMillis();
      case "limits.drainMillis" -> limits.drainMillis();
      case "listen.proxyProtocol.port" -> proxy.listen().proxyProtocol().port();
      case "listen.proxyProtocol.headerMillis" -> proxy.listen().proxyProtocol().headerMillis();
      case "drain.noticeMillis" -> proxy.drain().noticeMillis();
      case "drain.spreadMillis" -> proxy.drain().spreadMillis();
      case "exports.parameters.anonUid" -> Integer.toUnsignedLong(squashing(proxy).anonUid());
      case "exports.parameters.anonGid" -> Integer.toUnsignedLong(squashing(proxy).anonGid());
      case "workers" -> value == 0 ? proxy.workers() - cores() : proxy.workers();
      case "listeners" -> value == 0 ? proxy.listeners() - cores() : proxy.listeners();
      default -> throw new AssertionError(path);
    };
  }

  private static Squashing squashing(ProxyConfiguration proxy) {
    return proxy.exports().rules().root().squashing();
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[::]", "0.0.0.0:2049", "10.0.0.300", "", "a b"})
  void listenHost_ofAnotherForm_isRefused(String host) {
    assertEquals(
        List.of(
            "listen.host: found \""
                + host
                + "\", expected an IP address without brackets, or a host name"),
        mistakes(minimalWith("listen.host", host)));
  }

  @Test
  void advertisedName_isRefused_becauseRpcbindAnswersWithAddresses() {
    assertEquals(
        List.of(
            "listen.portmap.advertise: found \"lb.example.com\","
                + " expected an IP address, or empty"),
        mistakes(minimalWith("listen.portmap.advertise", "lb.example.com")));
  }

  @Test
  void connectionsPerClient_neverExceedConnections() throws ConfigurationException {
    JsonObject json = minimalWith("limits.connectionsMax", 10);
    assertEquals(10, read(json).proxy().limits().connectionsPerClientMax());
    json.getJsonObject("limits").put("connectionsPerClientMax", 11);
    assertEquals(10, read(json).proxy().limits().connectionsPerClientMax());
  }

  @Test
  void portmapOnTheNfsPort_isRefused() {
    JsonObject json = minimalWith("listen.portmap", json("{'enabled':true,'port':2049}"));
    assertEquals(
        List.of("listen.portmap.port: found 2049, expected a port other than listen.port"),
        mistakes(json));
  }

  @Test
  void clusterWithoutOneWayToFindTheOthers_isRefused() {
    String expected =
        ", expected one of tcpIp, multicast.group, kubernetes.serviceDns, kubernetes.serviceName";
    assertEquals(
        List.of("cluster.join: found no way to find the others" + expected),
        mistakes(minimalWith("cluster", json("{'enabled':true}"))));
    assertEquals(
        List.of("cluster.join: found tcpIp and multicast.group" + expected),
        mistakes(
            minimalWith(
                "cluster",
                json(
                    "{'enabled':true,'join':{'tcpIp':['a'],'multicast':{'group':'224.2.2.3'}}}"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'a b'}",
        "{'name':''}",
        "{'instance':'a/b'}",
        "{'host':'example.com'}",
        "{'host':'*'}",
        "{'host':''}",
        "{'port':0}",
        "{'heartbeatSeconds':1}",
        "{'entrySeconds':301}",
        "{'lookupMillis':0}",
        "{'join':{'tcpIp':['a','10.0.0.1:0']}}",
        "{'join':{'tcpIp':['10.0.0.1:65536']}}",
        "{'join':{'tcpIp':['::1']}}",
        "{'join':{'tcpIp':['[10.0.0.1]']}}",
        "{'join':{'multicast':{'group':'10.0.0.1'}}}",
        "{'join':{'multicast':{'group':'ff02::1'}}}",
        "{'join':{'kubernetes':{'serviceDns':'a b'}}}"
      })
  void wrongValueOfTheCluster_isRefusedByItsPathAndAlone(String cluster) {
    List<String> mistakes = mistakes(minimalWith("cluster", json(cluster).put("enabled", true)));
    List<String> ofTheKey =
        mistakes.stream().filter(line -> !line.startsWith("cluster.join: ")).toList();
    assertEquals(1, ofTheKey.size(), mistakes::toString);
    assertEquals(1, mistakes.size(), mistakes::toString);
  }

  @Test
  void proxyProtocolOnTheNfsPort_isRefused_ifItIsOpenedAtAll() throws ConfigurationException {
    JsonObject json = minimalWith("listen.proxyProtocol", json("{'port':2049}"));
    assertEquals(false, read(json).proxy().listen().proxyProtocol().enabled());
    json = minimalWith("listen.proxyProtocol", json("{'trusted':['::1'],'port':2049}"));
    assertEquals(
        List.of("listen.proxyProtocol.port: found 2049, expected a port other than listen.port"),
        mistakes(json));
  }

  @Test
  void memoryForLessThanOneRecord_isRefused() {
    assertEquals(
        List.of(
            "limits.recordMemoryBytesMax: found 2097152,"
                + " expected room for at least one record, limits.recordBytesMax: 5242880"),
        mistakes(minimalWith("limits.recordMemoryBytesMax", 2097152)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clusters",
        "cluster.join.aws",
        "cluster.names",
        "drain.noticeMilli",
        "exports.parameter",
        "exports.parameters.acces",
        "admin.ports",
        "backend.identities",
        "backend.origin.equivalent",
        "listen.proxyProtocol.trust",
        "limits.recordBytesMaximum",
        "calls.unknownOperation",
        "listen.portmap.enable"
      })
  void unknownKey_isRefused(String path) {
    List<String> mistakes = mistakes(minimalWith(path, new JsonObject()));
    assertEquals(1, mistakes.size(), mistakes::toString);
    String expected = path + ": found an unknown key, (expected one of .*|did you mean .*\\?)";
    assertTrue(mistakes.get(0).matches(expected), mistakes.get(0));
  }

  @Test
  void keyOfFormerVersions_isRefusedWithItsCure() {
    assertEquals(
        List.of(
            "cache.without: found a key that is none any more, expected `cache` \"off\" in a rule of"
                + " exports.rules for each path"),
        mistakes(minimalWith("cache.without", new JsonArray().add("/a"))));
  }

  @Test
  void unknownBackend_listsTheKnown_andItsKeysAreLeftAlone() {
    assertEquals(
        List.of("backend.type: found \"zfs\", expected one of nfs, other"),
        mistakes(json("{'backend':{'type':'zfs','pool':'tank'}}")));
  }

  @Test
  void mistakesOfServerAndBackend_areReportedTogether() {
    assertEquals(
        List.of(
            "listen.port: found \"2049\", expected a whole number from 0 to 65535",
            "backend.origin.host: found nothing, expected the name or IP address of the origin",
            "backend.origin.port: found 0, expected a whole number from 1 to 65535",
            "listen.prot: found an unknown key, did you mean listen.port?"),
        mistakes(json("{'listen':{'port':'2049','prot':1},'backend':{'origin':{'port':0}}}")));
  }

  @Test
  void twoBackendsOfOneType_areAMistakeOfTheBuild() {
    List<BackendProvider> twice = List.of(new FakeProvider("nfs"), new FakeProvider("nfs"));
    assertThrows(IllegalArgumentException.class, () -> new ConfigurationReader(null, twice));
  }

  @Test
  void backendsOnTheClassPath_areFound() throws ConfigurationException {
    JsonObject json = json("{'backend':{'type':'fake','origin':{'host':'h'}}}");
    assertEquals(
        new FakeBackend("h", 2049), ConfigurationReader.ofClassPath(null).read(json).backend());
  }
}
