package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.backend.BackendProvider;

class EndpointsTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final ConfigurationReader READER =
      new ConfigurationReader(
          VERTX, ServiceLoader.load(BackendProvider.class), () -> ThisMachineTest.BOX);

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Configured read(String keys) throws ConfigurationException {
    String backend = keys.contains("'backend'") ? "" : ",'backend':{'origin':{'host':'there'}}";
    return READER.read(new JsonObject(("{" + keys + backend + "}").replace('\'', '"')));
  }

  private static String mistakes(String keys) {
    try {
      read(keys);
      return "";
    } catch (ConfigurationException wrong) {
      return String.join("; ", wrong.mistakes());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'listen':{'port':9049} | admin.port: found 9049, expected a port other than listen.port",
        "'listen':{'port':9049},'admin':{'enabled':false} |",
        "'listen':{'port':9049,'host':'10.0.0.5'} |",
        "'listen':{'port':9049,'host':'10.0.0.5'},'admin':{'host':'::'} | admin.port: found 9049, expected a port other than listen.port",
        "'listen':{'port':0},'admin':{'port':0} |",
        "'listen':{'portmap':{'enabled':true,'port':2049}} | listen.portmap.port: found 2049, expected a port other than listen.port",
        "'listen':{'portmap':{'enabled':false,'port':2049}} |",
        "'listen':{'proxyProtocol':{'trusted':['::1'],'port':111},'portmap':{'enabled':true}} | listen.portmap.port: found 111, expected a port other than listen.proxyProtocol.port",
        "'cluster':{'enabled':true,'host':'10.0.0.0/8','port':2049,'join':{'tcpIp':['a']}} | cluster.port: found 2049, expected a port other than listen.port",
        "'cluster':{'enabled':true,'port':9049,'join':{'tcpIp':['a']}} | cluster.port: found 9049, expected a port other than admin.port",
      })
  void equalPorts_whereTheyMeet_areRefused(String keys, String expected) {
    assertEquals(expected == null ? "" : expected, mistakes(keys));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'host':'10.0.0.5'                | \"10.0.0.5\" port 2049, which is this proxy itself (listen)",
        "'host':'127.0.0.1'               | \"127.0.0.1\" port 2049, which is this proxy itself (listen)",
        "'host':'BOX.example.com'         | \"BOX.example.com\" port 2049, which is this proxy itself (listen)",
        "'host':'10.0.0.5','port':2050    |",
        "'host':'10.0.0.6'                |",
        "'host':'nfs','equivalents':['localhost'] | \"localhost\" port 2049, which is this proxy itself (listen)",
        "'host':'nfs','equivalents':['localhost:1'] |",
      })
  void originThatIsThisProxy_isRefused(String origin, String found) {
    String expected =
        found == null
            ? ""
            : "backend.origin: found " + found + ", expected the NFS server behind it";
    assertEquals(expected, mistakes("'backend':{'origin':{" + origin + "}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'host':'127.0.0.1','port':2050 | true  | 0.0.0.0  | 127.0.0.1",
        "'host':'10.0.0.5','port':2050 | true  | 0.0.0.0  | 10.0.0.5",
        "'host':'127.0.0.1','port':2050,'ports':{'mount':2051} | true | 0.0.0.0 | 127.0.0.1",
        "'host':'nfs','equivalents':['localhost:1'] | true | 0.0.0.0 | localhost",
        "'host':'127.0.0.1','port':2050,'ports':{'mount':2051,'acl':2050} | true | 0.0.0.0 |",
        "'host':'127.0.0.1','port':2050 | true  | 10.0.0.5 |",
        "'host':'127.0.0.1','port':2050 | false | 0.0.0.0  |",
        "'host':'10.0.0.6'              | true  | 0.0.0.0  |",
      })
  void portmapperThatIsThisProxys_isNotToBeAskedForTheOriginsPorts(
      String origin, String enabled, String host, String asked) {
    String found =
        "listen.portmap.enabled: found true, while the origin's portmapper is asked for ports, which"
            + " at \"%s\" port 111 would be this proxy itself, expected false, or"
            + " backend.origin.ports.mount and .acl (with locks.enabled .nlm too) set, so that nobody"
            + " is asked";
    assertEquals(
        asked == null ? "" : found.formatted(asked),
        mistakes(
            "'backend':{'origin':{%s}},'listen':{'host':'%s','portmap':{'enabled':%s}}"
                .formatted(origin, host, enabled)));
  }

  @Test
  void portForBalancersWithoutAnyOfThem_isWarnedOf() throws ConfigurationException {
    String warning =
        "listen.proxyProtocol.port: is not opened, since nobody may use it: name the balancers in"
            + " listen.proxyProtocol.trusted, or set that to [] if it is meant";
    assertEquals(List.of(warning), read("'listen':{'proxyProtocol':{'port':2051}}").warnings());
    assertEquals(
        List.of(), read("'listen':{'proxyProtocol':{'port':2051,'trusted':[]}}").warnings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.5/8     | 10.0.0.0/8",
        "10.0.0.5/31    | 10.0.0.4/31",
        "1.2.3.4/0      | 0.0.0.0/0",
        "2001:db8::5/32 | 2001:db8::/32",
        "10.0.0.0/8     |",
        "10.0.0.5/32    |",
        "10.0.0.5       |",
        "*              |",
      })
  void networkWithHostBits_isWarnedOf_withWhatItMeans(String client, String network)
      throws ConfigurationException {
    List<String> warnings =
        read("'exports':{'parameters':{'clients':['" + client + "']}}").warnings();
    String expected =
        "exports.parameters.clients[0]: \"%s\" means all of %s, since what is behind the prefix does not count. Write \"%s\", or \"%s\" for that one address"
            .formatted(client, network, network, client.replaceAll("/.*", ""));
    assertEquals(network == null ? List.of() : List.of(expected), warnings);
  }
}
