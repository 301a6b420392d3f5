package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Nsm1;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.listen.LockCalls;
import org.nfsproxy.server.locks.wire.GrantedCall;
import org.nfsproxy.server.locks.wire.LockProcedure;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockResults;
import org.nfsproxy.server.locks.wire.NlmLock;
import org.nfsproxy.server.locks.wire.StateNotice;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a call of NLM or NSM to whoever answers it. Used on one event loop. */
// The order of the questions is RFC 5531's, as everywhere. The origin is known by its address, and
// believed over TCP only where a lie would give a lock away: a datagram says any address.
final class LockDispatch implements LockCalls {
  private static final int STAT_FAIL = 1;

  /** Notices and grants for which the origin's name is looked up; at most 6 MB. */
  private static final int ASKING_MAX = 1024;

  private static final Logger log = LoggerFactory.getLogger(LockDispatch.class);

  private final ClientLocks locks;
  private final LockGrants grants;
  private final LockReleases releases;
  private final OriginNotices notices;
  private final ClientCalls clients;
  private final CallLanes lanes;
  private final Repeats repeats;
  private final Function<InetAddress, Future<Boolean>> isOrigin;
  private int asking;

  LockDispatch(
      ClientLocks locks,
      LockGrants grants,
      LockReleases releases,
      OriginNotices notices,
      ClientCalls clients,
      CallLanes lanes,
      Repeats repeats,
      Function<InetAddress, Future<Boolean>> isOrigin) {
    this.locks = locks;
    this.grants = grants;
    this.releases = releases;
    this.notices = notices;
    this.clients = clients;
    this.lanes = lanes;
    this.repeats = repeats;
    this.isOrigin = isOrigin;
  }

  @Override
  public boolean call(LockCaller caller, ByteBuf record, Consumer<byte[]> reply) {
    Call call = new Call();
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    switch (call.read(record, from, record.writerIndex())) {
      case REPLY, NOT_RPC -> {
        return false;
      }
      case RPC_MISMATCH -> reply.accept(LockReplies.rpcMismatch(call));
      case BAD_CREDENTIAL -> reply.accept(LockReplies.denied(call));
      case TRUNCATED -> reply.accept(LockReplies.accepted(call, AcceptStatus.GARBAGE_ARGS));
      case CALL -> {
        if (caller.isConnected()) {
          lanes.heard(caller.address());
        }
        try {
          dispatch(caller, call, record, reply);
        } catch (XdrException garbage) {
          reply.accept(LockReplies.accepted(call, AcceptStatus.GARBAGE_ARGS));
        }
      }
    }
    return true;
  }

  // RPCSEC_GSS and AUTH_TLS begin with a NULL call, whose success would promise what is not there.
  private void dispatch(LockCaller caller, Call call, ByteBuf record, Consumer<byte[]> reply) {
    if (call.flavor() != AuthFlavor.AUTH_NONE && call.flavor() != AuthFlavor.AUTH_SYS) {
      reply.accept(LockReplies.denied(call));
      return;
    }
    boolean isServed = call.program() == Programs.NLM || call.program() == Programs.NSM;
    Lookup row = Programs.find(call.program(), call.version(), call.procedure());
    if (!isServed) {
      reply.accept(LockReplies.accepted(call, AcceptStatus.PROG_UNAVAIL));
    } else if (row instanceof Lookup.ProgMismatch versions) {
      AcceptStatus mismatch = AcceptStatus.PROG_MISMATCH;
      reply.accept(LockReplies.accepted(call, mismatch, versions.low(), versions.high()));
    } else if (row instanceof Lookup.Found found) {
      found(found.procedure(), caller, call, record, reply);
    } else {
      reply.accept(LockReplies.accepted(call, AcceptStatus.PROC_UNAVAIL));
    }
  }

  private void found(
      Procedure procedure, LockCaller caller, Call call, ByteBuf record, Consumer<byte[]> reply) {
    if (procedure instanceof Nlm4 nlm) {
      LockProcedure locking = LockProcedure.of(nlm);
      if (locking != null) {
        lock(locking, caller, call, record, reply);
      } else {
        other(nlm, caller, call, record, reply);
      }
    } else if (procedure instanceof Nsm1 nsm) {
      monitor(nsm, caller, call, record, reply);
    }
  }

  // ---- what clients ask for

  private void lock(
      LockProcedure procedure,
      LockCaller caller,
      Call call,
      ByteBuf record,
      Consumer<byte[]> reply) {
    LockRequest request = LockRequest.read(procedure, arguments(call, record));
    Repeats.Met met = repeats.meet(caller.address(), record, reply);
    if (met == null) {
      return;
    }
    Future<LockResults> results = locks.ask(request, caller, call, record);
    Nlm4 resultsAs = procedure.resultsAs();
    if (resultsAs != null) {
      repeats.answered(met, LockReplies.accepted(call, AcceptStatus.SUCCESS));
      results
          .onSuccess(found -> callBack(resultsAs, caller, request, found))
          .onFailure(
              why -> {
                repeats.forget(met);
                silent(caller, why);
              });
      return;
    }
    results
        .onSuccess(
            found ->
                repeats.answered(met, LockReplies.success(call, out -> request.answer(out, found))))
        .onFailure(
            why -> {
              if (why instanceof LockAnswers.BadCredentialException) {
                repeats.answered(met, LockReplies.denied(call));
              } else {
                repeats.forget(met);
                silent(caller, why);
              }
            });
  }

  private static void silent(LockCaller caller, Throwable why) {
    if (why instanceof LockAnswers.SilentException) {
      log.debug("no reply to {}: {}", caller.address(), why.getMessage());
    } else {
      log.error("a call of {} for a lock could not be answered", caller.address(), why);
    }
  }

  private void callBack(
      Nlm4 procedure, LockCaller caller, LockRequest request, LockResults results) {
    clients
        .callWithResults(caller, procedure, out -> request.answer(out, results))
        .onFailure(away -> log.debug("{} to {}", procedure, caller.address(), away));
  }

  private void other(
      Nlm4 procedure, LockCaller caller, Call call, ByteBuf record, Consumer<byte[]> reply) {
    XdrReader in = arguments(call, record);
    switch (procedure) {
      case NULL -> reply.accept(LockReplies.accepted(call, AcceptStatus.SUCCESS));
      case GRANTED, GRANTED_MSG -> granted(procedure, caller, call, GrantedCall.read(in), reply);
      case GRANTED_RES -> {
        byte[] cookie = in.opaque(NlmLock.BYTES_MAX);
        int status = in.int32();
        grants.answered(caller.address(), cookie, status);
        reply.accept(LockReplies.accepted(call, AcceptStatus.SUCCESS));
      }
      case FREE_ALL -> {
        StateNotice notice = StateNotice.read(in);
        log.debug("{} gives back all its locks", caller.address());
        after(releases::freed, notice, caller, call, record, reply);
      }
      // Of the host's own daemons, and of a host that calls itself.
      case SM_NOTIFY -> reply.accept(LockReplies.accepted(call, AcceptStatus.PROC_UNAVAIL));
      default -> reply.accept(LockReplies.accepted(call, AcceptStatus.SUCCESS));
    }
  }

  // ---- what the origin tells

  private void granted(
      Nlm4 procedure, LockCaller caller, Call call, GrantedCall grant, Consumer<byte[]> reply) {
    if (!caller.isConnected()) {
      return;
    }
    whetherOrigin(caller)
        .onSuccess(
            is -> {
              if (is) {
                grantedByOrigin(procedure, call, grant, reply);
              } else {
                log.debug("{} grants a lock and is not the origin: no reply", caller.address());
              }
            });
  }

  private void grantedByOrigin(
      Nlm4 procedure, Call call, GrantedCall grant, Consumer<byte[]> reply) {
    if (procedure == Nlm4.GRANTED_MSG) {
      reply.accept(LockReplies.accepted(call, AcceptStatus.SUCCESS));
    }
    grants.granted(
        procedure,
        grant,
        status ->
            reply.accept(
                LockReplies.success(call, out -> out.opaque(grant.cookie()).int32(status))));
  }

  private void monitor(
      Nsm1 procedure, LockCaller caller, Call call, ByteBuf record, Consumer<byte[]> reply) {
    switch (procedure) {
      case NULL -> reply.accept(LockReplies.accepted(call, AcceptStatus.SUCCESS));
      case STAT ->
          reply.accept(
              LockReplies.accepted(call, AcceptStatus.SUCCESS, STAT_FAIL, OriginRequests.STATE));
      case NOTIFY -> {
        StateNotice notice = StateNotice.read(arguments(call, record));
        log.debug("{} says that it has restarted, state {}", caller.address(), notice.state());
        whetherOrigin(caller)
            .onSuccess(
                is -> {
                  if (is) {
                    notices
                        .restarted(notice.state())
                        .onSuccess(
                            kept -> reply.accept(LockReplies.accepted(call, AcceptStatus.SUCCESS)))
                        .onFailure(why -> log.debug("a notice of the origin: no reply", why));
                  } else {
                    after(releases::restarted, notice, caller, call, record, reply);
                  }
                });
      }
    }
  }

  // A name service that is slow must not fill the memory with those who ask.
  private Future<Boolean> whetherOrigin(LockCaller caller) {
    if (asking >= ASKING_MAX) {
      return Future.failedFuture("too many ask");
    }
    asking++;
    return isOrigin.apply(caller.address()).onComplete(known -> asking--);
  }

  private interface Release {
    Future<Void> of(InetAddress client, StateNotice notice);
  }

  /** Replies when the locks are released: who hears nothing tells it again. */
  private void after(
      Release release,
      StateNotice notice,
      LockCaller caller,
      Call call,
      ByteBuf record,
      Consumer<byte[]> reply) {
    Repeats.Met met = repeats.meet(caller.address(), record, reply);
    if (met != null) {
      release
          .of(caller.address(), notice)
          .onSuccess(
              done -> repeats.answered(met, LockReplies.accepted(call, AcceptStatus.SUCCESS)))
          .onFailure(why -> repeats.forget(met));
    }
  }

  private static XdrReader arguments(Call call, ByteBuf record) {
    return new XdrReader().reset(record, call.argumentsAt(), call.end());
  }
}
