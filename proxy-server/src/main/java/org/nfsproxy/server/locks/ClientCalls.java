package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.locks.forward.ClientCall;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.wire.CallRecord;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Calls clients' own lock managers and status monitors, when it is their turn. */
// From the address that the client calls the server: a Linux client takes a grant from no other.
// That may be another instance's.
final class ClientCalls {
  private final ClientCall.Caller caller;
  private final CallLanes lanes;
  private final Predicate<InetAddress> letsIn;
  private final Consumer<LockEvent> events;

  /**
   * Calls nobody yet.
   *
   * @param caller makes the calls
   * @param letsIn whether some rule lets an address in; no other one is called
   * @param events told why a call is not made
   */
  ClientCalls(
      ClientCall.Caller caller,
      CallLanes lanes,
      Predicate<InetAddress> letsIn,
      Consumer<LockEvent> events) {
    this.caller = caller;
    this.lanes = lanes;
    this.letsIn = letsIn;
    this.events = events;
  }

  /** Whether a client is called at all. */
  boolean letsIn(InetAddress client) {
    return letsIn.test(client);
  }

  /**
   * Calls a procedure of a client's.
   *
   * @param from where the call comes from; null for wherever the way to the client begins
   * @return the results; fails if the client cannot be reached in some seconds
   */
  Future<XdrReader> call(
      InetAddress client,
      @Nullable InetAddress from,
      int program,
      int version,
      int procedure,
      Consumer<XdrWriter> arguments) {
    if (!letsIn.test(client)) {
      return notLetIn();
    }
    ClientCall call = of(client, from, program, version, procedure, arguments);
    return lanes.run(client, () -> caller.call(call));
  }

  /**
   * Calls a client with the results of a {@code _MSG} call of its.
   *
   * @param asker who is said to have sent that
   * @param procedure the one of NLM that brings them
   */
  Future<XdrReader> callWithResults(
      LockCaller asker, Nlm4 procedure, Consumer<XdrWriter> arguments) {
    InetAddress client = asker.address();
    if (!letsIn.test(client)) {
      return notLetIn();
    }
    ClientCall results =
        of(
            client,
            asker.reached(),
            Programs.NLM,
            CallRecord.NLM_VERSION,
            procedure.number(),
            arguments);
    Supplier<Future<XdrReader>> call = () -> caller.call(results);
    return asker.isConnected() ? lanes.run(client, call) : lanes.runDoubtful(client, call);
  }

  private static ClientCall of(
      InetAddress client,
      @Nullable InetAddress from,
      int program,
      int version,
      int procedure,
      Consumer<XdrWriter> arguments) {
    ByteBuf bytes = Unpooled.buffer();
    arguments.accept(new XdrWriter(bytes));
    return new ClientCall(client, from, program, version, procedure, ByteBufUtil.getBytes(bytes));
  }

  private <T> Future<T> notLetIn() {
    events.accept(LockEvent.CALL_NOT_LET_IN);
    return Future.failedFuture(new IOException("no rule lets it in"));
  }
}
