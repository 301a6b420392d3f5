package org.nfsproxy.server.listen;

import java.net.InetAddress;
import org.nfsproxy.server.metrics.ConnectionMeter;
import org.nfsproxy.server.metrics.MeterBounds;
import org.nfsproxy.server.metrics.Meters;

/** Replies pass as they do where nothing is counted. */
class CountedOriginRepliesTest extends OriginRepliesTest {
  @Override
  ConnectionMeter newMeter() {
    Meters meters = new Meters(new MeterBounds(1, 1, 1, 1));
    return ConnectionMeter.of(meters.loop(), InetAddress.getLoopbackAddress(), 0);
  }

  // Of these, the replies are shorter than what is read of each here: SplitRepliesTest has longer.
  @Override
  void longReply_isPassedBeforeItHasEnded() {}

  @Override
  void end_insideAPassedReply_cutsTheClientShort_elsewhereNot() {}

  @Override
  void replyReadInPassing_splitAtEveryByte_isReadWhole_orOpenedWhole() {}
}
