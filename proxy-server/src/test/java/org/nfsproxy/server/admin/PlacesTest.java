package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private final Places<String> places = new Places<>(4);

  private String enter(String connection, String address) throws Exception {
    return places.enter(connection, InetAddress.getByName(address), address.startsWith("127."));
  }

  private void fill(String... addresses) throws Exception {
    for (int i = 0; i < addresses.length; i++) {
      assertNull(enter("c" + i, addresses[i]));
    }
  }

  private void ask(String... connections) {
    for (String each : connections) {
      places.asks(each, true);
    }
  }

  @Test
  void whileThereIsRoom_nobodyLeaves_andItComesBack() throws Exception {
    fill("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.1");
    places.leave("c2");
    places.leave("c2");
    assertNull(enter("d", "10.0.0.1"));
  }

  @Test
  void oldestSilent_ofTheAddressWithTheMost_leaves() throws Exception {
    fill("10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.2");
    ask("c1");
    assertEquals("c2", enter("d", "10.0.0.3"));
  }

  @Test
  void ofTheAddressWithTheMost_oneThatAsksLeaves_ratherThanAnothersSilentOne() throws Exception {
    fill("10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.2");
    ask("c1", "c2", "c3");
    assertEquals("c1", enter("d", "10.0.0.3"));
  }

  @Test
  void amongEquals_whoAsksKeepsItsPlace() throws Exception {
    fill("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    ask("c0", "c1", "c3");
    assertEquals("c2", enter("d", "10.0.0.5"));
    ask("d");
    assertEquals("e", enter("e", "10.0.0.6"));
  }

  @Test
  void ownSilentOne_leaves_andOwnThatAskDoNot() throws Exception {
    fill("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.1");
    ask("c0", "c1");
    assertEquals("c2", enter("d", "10.0.0.1"));
    ask("c3", "d");
    assertEquals("e", enter("e", "10.0.0.1"));
    places.asks("c3", false);
    assertEquals("c3", enter("f", "10.0.0.1"));
  }

  // Its administrator, and a supervisor's check.
  @Test
  void whoIsOnThisMachine_getsThePlaceOfSomebodyWhoIsNot() throws Exception {
    fill("127.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    ask("c0", "c1", "c2", "c3");
    assertEquals("d", enter("d", "10.0.0.5"));
    assertEquals("c1", enter("e", "127.0.0.2"));
    ask("e");
    assertEquals("c2", enter("f", "127.0.0.3"));
    ask("f");
    assertEquals("c3", enter("g", "127.0.0.4"));
    ask("g");
    assertEquals("h", enter("h", "127.0.0.5"));
  }

  @Test
  void networkOf64BitsOfIpv6_isOneAddress() throws Exception {
    fill("2001:db8::1", "2001:db8::2", "2001:db8::3", "10.0.0.1");
    ask("c0", "c1", "c2");
    assertEquals("c0", enter("d", "10.0.0.2"));
  }
}
