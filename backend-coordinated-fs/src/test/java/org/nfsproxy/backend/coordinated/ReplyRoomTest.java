package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

// Room for 64 replies of 1: one client has 56 at most, and a second reply is had up to 16.
class ReplyRoomTest {
  private final ReplyRoom room = new ReplyRoom(64, 4);
  private final List<String> told = new ArrayList<>();

  private ReplyRoom.Share share(String client) {
    return room.open(
        client,
        new ReplyRoom.Holder() {
          @Override
          public void roomCame() {
            told.add("room for " + client);
          }

          @Override
          public void othersWait() {
            told.add("others wait for " + client);
          }
        });
  }

  private List<ReplyRoom.Share> holders(String client, int count) {
    List<ReplyRoom.Share> shares = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shares.add(share(client));
      assertTrue(shares.get(i).take(1));
    }
    return shares;
  }

  private static int takeAll(ReplyRoom.Share share) {
    int taken = 0;
    while (share.take(1)) {
      taken++;
    }
    return taken;
  }

  @Test
  void connection_hasAFewReplies_andIsToldWhenOneHasGone() {
    ReplyRoom.Share share = share("a");
    assertEquals(4, takeAll(share));
    assertTrue(share.isWaiting());
    assertEquals(0, room.waiting(), "it waits for itself, not for others");
    share.giveBack(1);
    assertEquals(List.of("room for a"), told);
    assertFalse(share.isWaiting());
    assertEquals(1, takeAll(share));
  }

  @Test
  void connections_thatGiveNothingBack_leaveOneReplyToEachOfManyOthers() {
    for (int i = 0; i < 40; i++) {
      assertTrue(takeAll(share("a")) >= 1);
    }
    assertTrue(room.used() <= 52, "used " + room.used());
    assertTrue(share("a").take(1));
    assertTrue(share("b").take(1));
  }

  @Test
  void client_leavesAnEighthToOthers_howeverManyConnectionsItHas() {
    holders("a", 56);
    ReplyRoom.Share more = share("a");
    assertFalse(more.take(1));
    assertTrue(share("b").take(1));
    assertEquals(1, room.waiting());
  }

  @Test
  void room_goesToWhoWaitsLongest_andNobodyElseTakesIt() {
    List<ReplyRoom.Share> holders = holders("a", 32);
    holders.addAll(holders("b", 32));
    ReplyRoom.Share first = share("c");
    ReplyRoom.Share second = share("d");
    assertFalse(first.take(1));
    assertFalse(second.take(1));
    holders.get(0).giveBack(1);
    assertEquals(List.of("room for c"), told);
    assertFalse(share("e").take(1));
    assertTrue(first.take(1));
    assertFalse(second.take(1));
    assertEquals(64, room.used());
  }

  @Test
  void roomSetAside_notNeeded_goesToTheNext() {
    List<ReplyRoom.Share> holders = holders("a", 32);
    holders.addAll(holders("b", 32));
    ReplyRoom.Share first = share("c");
    ReplyRoom.Share second = share("d");
    assertFalse(first.take(1));
    assertFalse(second.take(1));
    holders.get(0).giveBack(1);
    first.leaveAside();
    assertEquals(List.of("room for c", "room for d"), told);
    second.close();
    assertEquals(63, room.used());
  }

  @Test
  void smallCallsDoNotPassALargeOne_thatWaitsForAllOfTheRoom() {
    List<ReplyRoom.Share> holders = holders("a", 31);
    holders.addAll(holders("b", 31));
    ReplyRoom.Share large = share("c");
    assertFalse(large.take(3));
    assertFalse(share("d").take(1));
    holders.get(0).giveBack(1);
    assertTrue(large.take(3));
  }

  @Test
  void holders_areToldThatOthersWait_onlyWhenTheyDo() {
    List<ReplyRoom.Share> holders = holders("a", 56);
    room.look();
    assertEquals(List.of(), told);
    ReplyRoom.Share more = share("a");
    assertFalse(more.take(1));
    room.look();
    assertEquals(56, told.size());
    holders.forEach(share -> share.giveBack(1));
    more.close();
    assertEquals(0, room.used());
  }

  @Test
  void closedConnection_getsNothing_andWhatItHasIsGivenBackLater() {
    ReplyRoom.Share share = share("a");
    assertTrue(share.take(1));
    share.close();
    assertFalse(share.take(1));
    assertEquals(1, room.used());
    share.giveBack(1);
    assertEquals(0, room.used());
  }
}
