package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.metrics.ConnectionMeter;

class ClientRepliesTest {
  private static final int XID = 7;

  private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
  private final ClientOutlet outlet =
      new ClientOutlet(channel.pipeline().firstContext(), new Traffic(), () -> {});
  private final XidsInUse xids = new XidsInUse();
  private final ClientReplies replies =
      new ClientReplies(
          null, // nothing here is judged, or waits for a callback
          ConnectionMeter.of(null, InetAddress.getLoopbackAddress(), 1),
          xids,
          outlet,
          channel.eventLoop(),
          Runnable::run,
          new OpenClient());

  private static final class OpenClient implements ClientReplies.Client {
    @Override
    public boolean isClosed() {
      return false;
    }

    @Override
    public void close(CloseReason reason, String detail) {
      throw new AssertionError(reason + " " + detail);
    }

    @Override
    public void repliesPassed() {}

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }
  }

  /** Opens replies that grow, when what they need is here. */
  private static final class Growing implements ReplyOpener {
    boolean isHere = true;
    Runnable ready;

    @Override
    public boolean isToGrow() {
      return true;
    }

    @Override
    public long waits(ByteBuf record, Runnable ready) {
      this.ready = ready;
      return isHere ? 0 : TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public ByteBuf openAtOnce(ByteBuf record) {
      return record.writeInt(isHere ? 1 : 0);
    }

    @Override
    public ByteBuf open(ByteBuf record) {
      throw new AssertionError("on a worker");
    }
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void hasRoom(boolean hasRoom) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, hasRoom);
  }

  private static ByteBuf record() {
    return Unpooled.buffer(16).writeInt(RecordMarking.lastFragment(4)).writeInt(XID);
  }

  private void come(ReplyOpener opener) {
    xids.take(XID);
    replies.awaited();
    replies.open(opener, record());
    replies.flushReplies();
  }

  @Test
  void replyThatGrows_isOpenedWhenTheClientHasRoom() {
    hasRoom(false);
    come(new Growing());
    assertEquals(0, channel.outboundMessages().size());
    assertEquals(8, replies.bytesHeld());
    hasRoom(true);
    replies.pauseSources();
    assertEquals(1, channel.outboundMessages().size());
    assertEquals(0, replies.bytesHeld());
    assertEquals(0, replies.callsInFlight());
  }

  @Test
  void replyThatGrows_whoseDataHaveGoneWhileThereWasNoRoom_waitsForThemAgain() {
    hasRoom(false);
    Growing growing = new Growing();
    come(growing);
    growing.isHere = false;
    hasRoom(true);
    replies.pauseSources();
    assertEquals(0, channel.outboundMessages().size());
    assertEquals(8, replies.bytesHeld());
    growing.isHere = true;
    growing.ready.run();
    channel.runPendingTasks();
    ByteBuf sent = channel.readOutbound();
    assertEquals(1, sent.getInt(8), "opened with its data");
    sent.release();
    assertEquals(0, replies.callsInFlight());
  }
}
