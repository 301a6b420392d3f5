package org.nfsproxy.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyTest {
  private enum Taste {
    SWEET,
    SOUR
  }

  private static final Key<Integer> COUNT = Key.int32("a.b.count", 3, 1, 9, "counts", "three");
  private static final Key<Long> BYTES = Key.int64("bytes", 1L << 33, 0, 1L << 40, "", "");
  private static final Key<Boolean> FLAG = Key.bool("flag", false, "", "");
  private static final Key<Taste> TASTE = Key.choice("taste", Taste.SWEET, "", "");
  private static final Key<String> HOST = Key.required("host", Hosts::isHost, "a host", "");
  private static final Key<List<String>> HOSTS =
      Key.texts("hosts", Hosts::isHost, "a host", "", "");

  @Test
  void absentKeys_giveTheirDefaults() {
    Section section = new Section(new JsonObject());
    assertEquals(3, COUNT.in(section.section("a").section("b")));
    assertEquals(1L << 33, BYTES.in(section));
    assertEquals(false, FLAG.in(section));
    assertEquals(Taste.SWEET, TASTE.in(section));
    assertEquals(List.of(), HOSTS.in(section));
    assertEquals(List.of(), section.problems());
  }

  @Test
  void presentKeys_giveTheirValues() {
    Section section =
        new Section(
            new JsonObject()
                .put("bytes", 5)
                .put("flag", true)
                .put("taste", "sour")
                .put("host", "h")
                .put("hosts", List.of("a", "::1")));
    assertEquals(5L, BYTES.in(section));
    assertEquals(true, FLAG.in(section));
    assertEquals(Taste.SOUR, TASTE.in(section));
    assertEquals("h", HOST.in(section));
    assertEquals(List.of("a", "::1"), HOSTS.in(section));
    section.refuseUnread();
    assertEquals(List.of(), section.problems());
  }

  @Test
  void wrongWord_isReportedWithTheRightOnes() {
    Section section = new Section(new JsonObject().put("taste", "SOUR"));
    assertEquals(Taste.SWEET, TASTE.in(section));
    assertEquals(
        "taste: found \"SOUR\", expected one of sweet, sour", section.problems().get(0).toString());
  }

  @Test
  void key_describesItself() {
    assertEquals("count", COUNT.name());
    assertEquals("a.b", COUNT.sectionPath());
    assertEquals("", FLAG.sectionPath());
    assertEquals("1 to 9", COUNT.range());
    assertEquals("\"sweet\" or \"sour\"", TASTE.range());
    assertEquals("\"sweet\"", TASTE.standardAsJson());
    assertEquals("3", COUNT.standardAsJson());
    assertEquals("[]", HOSTS.standardAsJson());
    assertNull(HOST.standard());
    assertEquals("none", HOST.standardAsJson());
  }
}
