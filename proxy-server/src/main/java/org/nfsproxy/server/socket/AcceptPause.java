package org.nfsproxy.server.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a listening socket accept no more while many of its connections are open, those included
 * that are about to be closed: what is not accepted costs no descriptor. Stands in the pipeline of
 * the listening channel.
 */
// Connections are accepted by one thread and closed by another, which has other work: in a flood
// the first is faster, and descriptors are those that clients of NFS need. Nobody is refused: who
// is not accepted waits in the kernel, whose queue is bounded.
public final class AcceptPause extends ChannelInboundHandlerAdapter {
  private final int max;
  private final AtomicInteger open = new AtomicInteger();
  private boolean isPaused; // of the listening channel's event loop

  /**
   * For one listening socket.
   *
   * @param max from so many on it accepts none; those of one batch may be beyond
   */
  public AcceptPause(int max) {
    this.max = max;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (open.incrementAndGet() >= max && !isPaused) {
      isPaused = true;
      context.channel().config().setAutoRead(false);
    }
    ((Channel) message)
        .closeFuture()
        .addListener(
            closed -> {
              if (open.decrementAndGet() == max / 2) {
                context.executor().execute(() -> goOn(context));
              }
            });
    context.fireChannelRead(message);
  }

  private void goOn(ChannelHandlerContext context) {
    if (isPaused && open.get() <= max / 2) {
      isPaused = false;
      context.channel().config().setAutoRead(true);
    }
  }
}
