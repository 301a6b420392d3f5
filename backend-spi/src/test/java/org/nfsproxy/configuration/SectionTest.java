package org.nfsproxy.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SectionTest {
  private static Section of(String json) {
    return new Section(new JsonObject(json.replace('\'', '"')));
  }

  private static void assertProblems(Section section, String... expected) {
    List<String> found = section.problems().stream().map(Problem::toString).toList();
    assertEquals(List.of(expected), found);
  }

  @Test
  void absentKeys_giveTheirDefaults() {
    Section section = of("{}");
    assertEquals("a", section.string("text", "a"));
    assertEquals(7, section.integer("number", 7, 0, 9));
    assertEquals(1L << 40, section.int64("bytes", 1L << 40, 0, Long.MAX_VALUE));
    assertEquals(true, section.bool("flag", true));
    assertEquals("x", section.choice("word", "x", List.of("x", "y")));
    assertEquals(List.of("q"), section.strings("list", List.of("q")));
    assertEquals(List.of(), section.sections("rules"));
    assertEquals("d", section.section("inner").string("deep", "d"));
    section.refuseUnread();
    assertProblems(section);
  }

  @Test
  void presentKeys_giveTheirValues() {
    Section section =
        of(
            "{'text':'t','number':9,'bytes':1099511627776,'flag':false,'word':'y','list':['a','b']}");
    assertEquals("t", section.string("text", "a"));
    assertEquals(9, section.integer("number", 7, 0, 9));
    assertEquals(1L << 40, section.int64("bytes", 0, 0, Long.MAX_VALUE));
    assertEquals(false, section.bool("flag", true));
    assertEquals("y", section.choice("word", "x", List.of("x", "y")));
    assertEquals(List.of("a", "b"), section.strings("list", List.of()));
    section.refuseUnread();
    assertProblems(section);
  }

  @Test
  void wrongTypes_areReportedAndGiveDefaults() {
    Section section =
        of(
            "{'text':1,'number':'9','half':2.5,'flag':'no','word':true,'list':'a','inner':[],'r':{}}");
    assertEquals("a", section.string("text", "a"));
    assertEquals(7, section.integer("number", 7, 0, 9));
    assertEquals(7, section.integer("half", 7, 0, 9));
    assertEquals(true, section.bool("flag", true));
    assertEquals("x", section.choice("word", "x", List.of("x", "y")));
    assertEquals(List.of(), section.strings("list", List.of("z")));
    section.section("inner");
    section.sections("r");
    assertProblems(
        section,
        "text: found 1, expected a string",
        "number: found \"9\", expected a whole number from 0 to 9",
        "half: found 2.5, expected a whole number from 0 to 9",
        "flag: found \"no\", expected true or false",
        "word: found true, expected one of x, y",
        "list: found \"a\", expected an array of strings",
        "inner: found [], expected an object",
        "r: found {}, expected an array of objects");
  }

  @Test
  void numbersOutOfRange_areReported() {
    Section section = of("{'low':-1,'high':10,'int':4294967297,'huge':123456789012345678901234}");
    for (String key : List.of("low", "high", "int", "huge")) {
      assertEquals(7, section.integer(key, 7, 0, 9));
    }
    assertProblems(
        section,
        "low: found -1, expected a whole number from 0 to 9",
        "high: found 10, expected a whole number from 0 to 9",
        "int: found 4294967297, expected a whole number from 0 to 9",
        "huge: found 123456789012345678901234, expected a whole number from 0 to 9");
  }

  @Test
  void nullValue_isNoDefault() {
    Section section = of("{'text':null,'inner':null,'list':[null],'r':null,'must':null}");
    section.string("text", "a");
    section.section("inner");
    section.strings("list", List.of());
    section.sections("r");
    section.required("must", "a name");
    assertProblems(
        section,
        "text: found null, expected a string",
        "inner: found null, expected an object",
        "list[0]: found null, expected a string",
        "r: found null, expected an array of objects",
        "must: found null, expected a name");
  }

  @Test
  void unknownKeys_areReportedWithTheKnownOnes() {
    Section section =
        of("{'listen':{'prot':1,'port':2},'rules':[{'path':'/a','acces':'ro'}],'z':1}");
    section.section("listen").integer("port", 1, 1, 9);
    section.section("listen").string("host", "");
    section.sections("rules").get(0).string("path", "");
    section.refuseUnread();
    assertProblems(
        section,
        "z: found an unknown key, expected one of listen, rules",
        "listen.prot: found an unknown key, did you mean listen.port?",
        "rules[0].acces: found an unknown key, expected one of path");
  }

  @Test
  void formerKey_isRefusedWithItsCure_andIsNoneOfTheKnown() {
    Section section = of("{'a':{'old':1,'x':2},'b':{'x':2}}");
    for (String name : List.of("a", "b")) {
      section.section(name).refuseFormer("old", "new");
      section.section(name).integer("port", 1, 1, 9);
    }
    section.refuseUnread();
    assertProblems(
        section,
        "a.old: found a key that is none any more, expected new",
        "a.x: found an unknown key, expected one of old, port",
        "b.x: found an unknown key, expected one of port");
  }

  @Test
  void sectionAskedForTwice_isTheSame() {
    Section section = of("{'listen':{'port':2,'host':'h'}}");
    section.section("listen").integer("port", 1, 1, 9);
    assertSame(section.section("listen"), section.section("listen"));
    section.section("listen").string("host", "");
    section.refuseUnread();
    assertProblems(section);
  }

  @Test
  void sectionThatIsNoObject_isReportedOnce() {
    Section section = of("{'backend':5}");
    assertEquals("", section.section("backend").section("origin").required("host", "a name"));
    section.refuseUnread();
    assertProblems(section, "backend: found 5, expected an object");
  }

  @Test
  void skippedSection_mayHoldAnything() {
    Section section = of("{'backend':{'any':1,'deep':{'er':2}}}");
    section.section("backend").section("deep");
    section.section("backend").skipUnread();
    section.refuseUnread();
    assertProblems(section);
  }

  @Test
  void requiredKey_absentEmptyOrOfAnotherForm_isReported() {
    Section section = of("{'blank':' ','bad':'[::1]'}");
    assertEquals("", section.required("gone", "a name"));
    assertEquals("", section.required("blank", "a name"));
    assertEquals("", section.required("bad", Hosts::isHost, "a host"));
    assertProblems(
        section,
        "gone: found nothing, expected a name",
        "blank: found \" \", expected a name",
        "bad: found \"[::1]\", expected a host");
  }

  @Test
  void foundValue_isOneShortLine() {
    Section section = of("{'long':'" + "x".repeat(500) + "','lines':'a\\nb'}");
    section.bool("long", true);
    section.bool("lines", true);
    assertEquals(80, section.problems().get(0).found().length());
    assertEquals("\"a\\nb\"", section.problems().get(1).found());
  }

  @Test
  void elementOfAnotherForm_isReportedWithItsIndex() {
    Section section = of("{'addresses':['10.0.0.1','10.0.0.300'],'rules':[{},3]}");
    section.strings("addresses", List.of(), Hosts::isAddress, "an IP address");
    assertEquals(1, section.sections("rules").size());
    assertProblems(
        section,
        "addresses[1]: found \"10.0.0.300\", expected an IP address",
        "rules[1]: found 3, expected an object");
  }

  @Test
  void keyReadInAnotherSection_isAMistakeOfTheProgram() {
    Key<Integer> key = Key.int32("listen.port", 1, 1, 9, "", "");
    assertThrows(IllegalArgumentException.class, () -> key.in(of("{}")));
  }

  @Test
  void keyOfAnotherSection_isToldWithItsPlace() {
    List<String> paths =
        List.of("listen.port", "backend.origin.host", "a.x", "b.x", "c.x", "d.x", "e.x");
    Section section = of("{'origin':{'host':'a'},'recordBytesMax':1,'x':1,'backend':{'host':'a'}}");
    section.section("backend").section("origin").string("host", "");
    section.refuseUnread(paths);
    assertProblems(
        section,
        "origin: found an unknown key, did you mean backend.origin?",
        "recordBytesMax: found an unknown key, expected one of backend",
        "x: found an unknown key, expected one of backend",
        "backend.host: found an unknown key, did you mean backend.origin.host?");
  }

  @Test
  void keyThatOnlyAnotherBackendReads_isNotCalledUnknown() {
    Section section = of("{'backend':{'files':[{'id':1}]}}");
    section.section("backend").string("host", "");
    section.refuseUnread(List.of("backend.files", "backend.host"));
    assertProblems(
        section,
        "backend.files: found a key that does not go with the others here, expected one of host");
  }

  @Test
  void textThatIsHardlyMeant_isWarnedOfOnce_andRead() {
    TextForm form = new TextForm(text -> true, "", "", text -> text.equals("b") ? "is odd" : "");
    Section section = of("{'one':'b','more':['a','b']}");
    assertEquals("b", section.string("one", "", form));
    assertEquals("b", section.string("one", "", form));
    assertEquals(List.of("a", "b"), section.strings("more", List.of(), form));
    assertProblems(section);
    assertEquals(List.of("one: is odd", "more[1]: is odd"), section.warnings());
  }
}
