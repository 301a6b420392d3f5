package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheDoubtsTest {
  private static final long GIB = 1L << 30;

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static JsonObject json(String cache, String origin, String exports) {
    String text =
        "{'listen':{'host':'127.0.0.1'},'admin':{'enabled':false},'cache':{%s},'exports':{%s},"
                .formatted(cache, exports)
            + "'backend':{'type':'nfs','origin':{'host':'192.0.2.1'%s}}}".formatted(origin);
    return new JsonObject(text.replace('\'', '"'));
  }

  private static Configured read(JsonObject json) throws ConfigurationException {
    return ConfigurationReader.ofClassPath(vertx).read(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'enabled':true,'settledMillis':1999 | '' | '' | cache.settledMillis: 1999 is for tests",
        "'enabled':true | ,'equivalents':['192.0.2.2'] | '' | cache.enabled: there is no cache, since it needs one origin and there are 2",
        "'' | '' | 'parameters':{'cache':'on'} | exports.parameters.cache: there is no cache",
        "'' | '' | 'rules':[{'path':'/a','cache':'on'}] | exports.rules: the rule for path /a, cache: there is no cache",
      })
  void cacheThatIsNotAsItSeems_isWarnedOf(
      String cache, String origin, String exports, String warning) throws ConfigurationException {
    List<String> warnings = read(json(cache, origin, exports)).warnings();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).startsWith(warning), warnings::toString);
  }

  @Test
  void cacheOfAnOriginOnThisMachine_isWarnedOf_withoutAWordOfEquivalents()
      throws ConfigurationException {
    JsonObject json = json("'enabled':true", "", "");
    json.put(
        "backend",
        new JsonObject(
            "{\"type\":\"coordinated-fs\",\"filesystems\":[{\"id\":1,\"path\":\"/\"}]}"));
    assertEquals(
        List.of(
            "cache.enabled: there is no cache, since a backend of this type connects to no server:"
                + " what it serves is here already"),
        read(json).warnings());
  }

  @Test
  void cacheAsItShouldBe_isNot() throws ConfigurationException {
    String rules = "'rules':[{'path':'/a','cache':'off'}]";
    assertEquals(
        List.of(), read(json("'enabled':true,'settledMillis':2000", "", rules)).warnings());
    assertEquals(List.of(), read(json("'settledMillis':0", "", rules)).warnings());
    assertEquals(List.of(), read(json("", ",'equivalents':['192.0.2.2']", "")).warnings());
  }

  @Test
  void memory_thatJavaHasNoRoomFor_isWarnedOfByCheckConfig() throws ConfigurationException {
    long tooMuch = PlatformDependent.maxDirectMemory();
    JsonObject json = json("'enabled':true,'memoryBytesMax':" + tooMuch, "", "");
    List<String> warnings =
        MachineCheck.of(read(json), Assembled.of(json), ThisMachine.now()).warnings();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(
        warnings.get(0).contains("cache.memoryBytesMax: " + tooMuch + " is more than"),
        warnings::toString);
    json.getJsonObject("cache").put("enabled", false);
    assertEquals(
        List.of(), MachineCheck.of(read(json), Assembled.of(json), ThisMachine.now()).warnings());
  }

  @Test
  void memory_isWhatIsLeftBesideAGibibyte_orAQuarter() {
    assertEquals(16 * GIB, new CacheMemory(16 * GIB, 21 * GIB).bytesMax());
    assertNull(new CacheMemory(16 * GIB, 21 * GIB).doubt());
    CacheMemory less = new CacheMemory(16 * GIB, 11 * GIB);
    assertEquals(8 * GIB, less.bytesMax());
    assertTrue(String.valueOf(less.doubt()).endsWith("MaxDirectMemorySize=" + 21 * GIB));
    assertEquals(GIB / 4, new CacheMemory(GIB, GIB).bytesMax());
  }

  @Test
  void whatWaitsForTheDisk_isAQuarterOfTheMemoryAtMost() throws ConfigurationException {
    CacheDisk disk =
        read(json("'enabled':true,'diskQueueBytesMax':67108864", "", "")).proxy().cache().disk();
    assertEquals(4 << 20, disk.queueBytesIn(16 << 20));
    assertEquals(64 << 20, disk.queueBytesIn(GIB));
  }
}
