package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.testing.Repository;

// The schema and the parser are held together: by another hand's validator, over the examples, over
// every key with values of every kind, and over a table of files.
class ConfigurationSchemaTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final ConfigurationReader READER = ConfigurationReader.ofClassPath(VERTX);
  private static final JsonObject SCHEMA = READER.schema();
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setDraft(Draft.DRAFT202012)
          .setBaseUri("https://example.com/")
          .setOutputFormat(OutputFormat.Basic);
  private static final Validator VALIDATOR = Validator.create(JsonSchema.of(SCHEMA), OPTIONS);

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  private static boolean isValid(JsonObject json) {
    return VALIDATOR.validate(json).getValid();
  }

  private static List<String> mistakes(JsonObject json) {
    try {
      READER.read(json);
      return List.of();
    } catch (ConfigurationException wrong) {
      return wrong.mistakes();
    }
  }

  @Test
  void schema_isASchema() {
    SchemaRepository repository = SchemaRepository.create(OPTIONS);
    repository.preloadMetaSchema(VERTX.fileSystem(), Draft.DRAFT202012);
    OutputUnit checked =
        repository.validator("https://json-schema.org/draft/2020-12/schema").validate(SCHEMA);
    assertTrue(checked.getValid(), () -> String.valueOf(checked.getErrors()));
  }

  private static Stream<Path> examples() {
    return Repository.files(".json").stream()
        .filter(file -> file.startsWith(Repository.ROOT.resolve("examples")))
        .filter(file -> !file.startsWith(Repository.ROOT.resolve("examples/observability")));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_isTaken(Path file) throws IOException {
    OutputUnit checked = VALIDATOR.validate(new JsonObject(Files.readString(file)));
    assertTrue(checked.getValid(), () -> String.valueOf(checked.getErrors()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'listen':{'port':2049}}",
        "{'backend':{}}",
        "{'backend':{'origin':{}}}",
        "{'backend':{'type':'zfs'}}",
        "{'backend':{'type':7}}",
        "{'backend':{'type':'coordinated-fs'}}",
        "{'backend':{'type':'coordinated-fs','filesystems':[]}}",
        "{'backend':{'type':'coordinated-fs','origin':{'host':'a'}}}",
        "{'backend':{'type':'coordinated-fs','filesystems':[{'id':1}]}}",
        "{'backend':{'type':'coordinated-fs','filesystems':[{'id':0,'path':'/'}]}}",
        "{'backend':{'type':'coordinated-fs','filesystems':[{'id':1,'path':'a'}]}}",
        "{'backend':{'type':'coordinated-fs','filesystems':[{'id':1,'path':'/','a':1}]}}",
        "{'backend':{'origin':{'host':'a'},'filesystems':[]}}",
        "{'backend':{'origin':{'host':'a:1'}}}",
        "{'backend':{'origin':{'host':'10.0.0.300'}}}",
        "{'backend':{'origin':{'host':'[::1]'}}}",
        "{'backend':{'origin':{'host':''}}}",
        "{'backend':{'origin':{'host':null}}}",
        "{'backend':{'origin':{'host':'a','port':0}}}",
        "{'backend':{'origin':{'host':'a','ports':{'mount':65536}}}}",
        "{'backend':{'origin':{'host':'a','equivalents':['::1']}}}",
        "{'backend':{'origin':{'host':'a','localAddresses':['a']}}}",
        "{'backend':{'origin':{'host':'a'}},'listen':[]}",
        "{'backend':{'origin':{'host':'a'}},'listen':{'prot':1}}",
        "{'backend':{'origin':{'host':'a'}},'port':1}",
        "{'backend':{'origin':{'host':'a'}},'$schema':1}",
        "{'backend':{'origin':{'host':'a'}},'workers':1.5}",
        "{'backend':{'origin':{'host':'a'}},'workers':'1'}",
        "{'backend':{'origin':{'host':'a'}},'workers':true}",
        "{'backend':{'origin':{'host':'a'}},'admin':{'enabled':'true'}}",
        "{'backend':{'origin':{'host':'a'}},'cluster':{'name':'a b'}}",
        "{'backend':{'origin':{'host':'a'}},'cluster':{'host':'*'}}",
        "{'backend':{'origin':{'host':'a'}},'cluster':{'join':{'tcpIp':['a b']}}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':{}}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':['/a']}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':[{'path':'a','access':'ro'}]}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':[{'path':'/a/..','access':'ro'}]}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':[{'fsid':'z','access':'ro'}]}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':[{'path':'/','access':'r'}]}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':[{'path':'/','acces':'ro'}]}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'parameters':{'clients':['a']}}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'parameters':{'clients':'*'}}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'parameters':{'versions':[3]}}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'parameters':{'security':['krb']}}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'parameters':{'anonUid':-1}}}",
      })
  void wrongFile_isRefusedByBoth(String text) {
    JsonObject json = new JsonObject(text.replace('\'', '"'));
    assertFalse(isValid(json), "schema");
    assertFalse(mistakes(json).isEmpty(), "parser");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'backend':{'origin':{'host':'a'}}}",
        "{'backend':{'type':'nfs','origin':{'host':'fe80::1%eth0'}}}",
        "{'backend':{'origin':{'host':'::ffff:10.0.0.1','equivalents':['a','a.b:1','[::1]:2']}}}",
        "{'backend':{'origin':{'host':'nfs_1.example.com.','localAddresses':['::1','10.0.0.1']}}}",
        "{'backend':{'type':'coordinated-fs','filesystems':[{'id':1,'path':'/tmp'}]}}",
        "{'backend':{'origin':{'host':'a'}},'listen':{'portmap':{'advertise':''}}}",
        "{'backend':{'origin':{'host':'a'}},'cluster':{'host':'2001:db8::/32','instance':''}}",
        "{'backend':{'origin':{'host':'a'}},'cluster':{'join':{'tcpIp':['a:1','[::1]','b']}}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'rules':[{'path':'/','access':'ro'},"
            + "{'path':'/a b/.c/..d','squash':'all'},{'fsid':'0xAB:1','hidden':true}]}}",
        "{'backend':{'origin':{'host':'a'}},'exports':{'parameters':{'clients':['*','::/0','1.2.3.4'],"
            + "'versions':['3','4.2'],'security':[],'anonUid':4294967294}}}",
      })
  void rightFile_isTakenByBoth(String text) {
    JsonObject json = new JsonObject(text.replace('\'', '"'));
    assertEquals(List.of(), mistakes(json));
    OutputUnit checked = VALIDATOR.validate(json);
    assertTrue(checked.getValid(), () -> String.valueOf(checked.getErrors()));
  }

  private static Stream<Key<?>> keys() {
    return READER.keys().stream()
        .filter(key -> !key.path().contains("[]") && key != Keys.BACKEND_TYPE);
  }

  // Of the type, at the bounds and beyond them, of the enum and not of it. Whether two keys go
  // together is not the schema's.
  @ParameterizedTest
  @MethodSource("keys")
  void key_isJudgedAlikeByBoth(Key<?> key) {
    for (Object value : values(key)) {
      JsonObject json = with(key, value);
      boolean refused = mistakes(json).stream().anyMatch(line -> isOfTheKeyAlone(key, line));
      assertEquals(!refused, isValid(json), () -> json.encode() + " " + mistakes(json));
    }
  }

  // A value that only another key makes wrong is told with that key's path.
  private static boolean isOfTheKeyAlone(Key<?> key, String line) {
    return line.startsWith(key.path())
        && !line.contains("other than")
        && !line.contains("room for");
  }

  private static List<Object> values(Key<?> key) {
    List<Object> values = new ArrayList<>(List.of(true, 1.5, "no such word", -1, new JsonObject()));
    JsonObject form = key.form().schema();
    for (String bound : List.of("minimum", "maximum")) {
      if (form.containsKey(bound)) {
        values.addAll(
            List.of(form.getLong(bound), form.getLong(bound) - 1, form.getLong(bound) + 1));
      }
    }
    if (form.containsKey("enum")) {
      form.getJsonArray("enum").forEach(values::add);
    }
    if (key.standard() != null) {
      values.add(io.vertx.core.json.Json.decodeValue(key.standardAsJson()));
    }
    return values;
  }

  private static JsonObject with(Key<?> key, Object value) {
    boolean isOfNfs =
        READER.keysWith("nfs").stream().anyMatch(each -> each.path().equals(key.path()));
    JsonObject json =
        new JsonObject(
            isOfNfs
                ? "{\"backend\":{\"origin\":{\"host\":\"there\"}}}"
                : "{\"backend\":{\"type\":\"coordinated-fs\",\"filesystems\":[{\"id\":1,\"path\":\"/tmp\"}]}}");
    JsonObject at = json;
    String[] names = key.path().split("\\.");
    for (int i = 0; i + 1 < names.length; i++) {
      if (!at.containsKey(names[i])) {
        at.put(names[i], new JsonObject());
      }
      at = at.getJsonObject(names[i]);
    }
    at.put(names[names.length - 1], value);
    return json;
  }
}
