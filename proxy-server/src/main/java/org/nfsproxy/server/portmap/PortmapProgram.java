package org.nfsproxy.server.portmap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** The portmapper's program: a message in, a reply out. Used by one thread at a time. */
// The order of the questions is RFC 5531's: is it RPC, may the caller, program, version, procedure,
// arguments. Sockets are elsewhere, so all of this is tested with bytes alone.
final class PortmapProgram {
  private final ByteBufAllocator alloc;
  private final Supplier<Registrations> registrations;
  private final Call call = new Call();

  PortmapProgram(ByteBufAllocator alloc, Supplier<Registrations> registrations) {
    this.alloc = alloc;
    this.registrations = registrations;
  }

  /**
   * Answers one message.
   *
   * @param message its readable bytes, without record marker; stays the caller's
   * @param address the address that answers name
   * @return the reply, a whole record with marker, the caller's to release; null if the message is
   *     no call and so is owed none
   */
  @Nullable ByteBuf answer(
      ByteBuf message, Transport transport, Supplier<Optional<InetAddress>> address) {
    Call.Form form = call.read(message, message.readerIndex(), message.writerIndex());
    return switch (form) {
      case REPLY, NOT_RPC -> null;
      case RPC_MISMATCH -> Replies.rpcMismatch(alloc, call.xid());
      case BAD_CREDENTIAL -> Replies.authError(alloc, call.xid(), AuthStatus.AUTH_BADCRED);
      case TRUNCATED -> accepted(AcceptStatus.GARBAGE_ARGS);
      case CALL -> dispatch(message, transport, address);
    };
  }

  private ByteBuf dispatch(
      ByteBuf message, Transport transport, Supplier<Optional<InetAddress>> address) {
    if (!isPlain(call.flavor())) {
      return Replies.authError(alloc, call.xid(), AuthStatus.AUTH_BADCRED);
    }
    if (call.program() != Programs.PORTMAP) {
      return accepted(AcceptStatus.PROG_UNAVAIL);
    }
    int version = call.version();
    if (version < Registrations.PORTMAP_LOW || version > Registrations.PORTMAP_HIGH) {
      AcceptStatus mismatch = AcceptStatus.PROG_MISMATCH;
      return accepted(mismatch, Registrations.PORTMAP_LOW, Registrations.PORTMAP_HIGH);
    }
    PortmapProcedure row = PortmapProcedure.find(version, call.procedure(), transport);
    if (row == null) {
      return accepted(AcceptStatus.PROC_UNAVAIL);
    }
    XdrReader arguments = new XdrReader().reset(message, call.argumentsAt(), call.end());
    return results(row, new PortmapCall(arguments, registrations.get(), transport, address));
  }

  private ByteBuf results(PortmapProcedure row, PortmapCall question) {
    ByteBuf reply = Replies.beginSuccess(alloc, call.xid());
    try {
      row.answer().write(question, new XdrWriter(reply));
    } catch (XdrException garbage) {
      reply.release();
      return accepted(AcceptStatus.GARBAGE_ARGS);
    }
    return Replies.finish(reply);
  }

  // RPCSEC_GSS and AUTH_TLS begin with a NULL call whose plain success would promise what is not
  // there; both protocols take AUTH_BADCRED for "not here".
  private static boolean isPlain(int flavor) {
    return flavor == AuthFlavor.AUTH_NONE
        || flavor == AuthFlavor.AUTH_SYS
        || flavor == AuthFlavor.AUTH_SHORT;
  }

  private ByteBuf accepted(AcceptStatus status, int... words) {
    return Replies.accepted(alloc, call.xid(), status, words);
  }
}
