package org.nfsproxy.server.fuzz;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.policy.ClientMatch;

// .ci/fuzz runs the same readers with inputs that are led by the code that they reach.
@Timeout(600)
class WalksFuzzTest {
  @Test
  void calls() throws Exception {
    new Fuzzing("calls", WalkReaders::call, Recordings.messages("", true)).run();
  }

  @Test
  void callbacks() throws Exception {
    new Fuzzing("callbacks", WalkReaders::callback, Recordings.messages("callback", true)).run();
  }

  @Test
  void compoundReplies() throws Exception {
    new Fuzzing("compound-replies", WalkReaders::compoundReply, Recordings.messages("nfs4", false))
        .run();
  }

  @Test
  void repliesOfVersion3() throws Exception {
    new Fuzzing("replies-3", WalkReaders::reply3, Recordings.messages("nfs3", false)).run();
  }

  @Test
  void records() throws Exception {
    new Fuzzing("records", WalkReaders::records, Recordings.beginnings("", 700)).run();
  }

  @Test
  void clientsOfAList() throws Exception {
    List<byte[]> honest =
        Stream.of(
                "*",
                "192.0.2.7",
                "10.0.0.0/8",
                "2001:db8::/32",
                "::ffff:10.0.0.0/104",
                "::1",
                "fe80::1")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();
    new Fuzzing("clients", WalksFuzzTest::client, honest).run();
  }

  // Whoever may stand on a list can be put there.
  static Object client(ByteBuf input) {
    String text = input.toString(StandardCharsets.UTF_8);
    return ClientMatch.isClient(text) ? ClientMatch.of(List.of(text)).toString() : "none";
  }
}
