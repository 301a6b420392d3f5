package org.nfsproxy.server.locks.forward;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.listen.LockTcp;
import org.nfsproxy.server.member.FrameSocket;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * What two instances say to each other, in XDR; each is a record (RFC 5531 section 11).
 *
 * <pre>
 *  the owner says                              the other one says
 *  1 CHALLENGE  form, nonce                    2 HELLO      nonce, proof, instance
 *  3 WELCOME    proof, instance, page          4 ADDRESSES  its own, each time they change
 *                                              5 CALL       number, client, reached, by TCP, record
 *  6 REPLY      number, record
 *  7 CALLBACK   number, client, from, program, version, procedure, arguments
 *                                              8 ANSWER     number, whether results follow, them or why not
 *  9 ALIVE                                     9 ALIVE
 *                                              10 OFFERED   something was put into the shared records
 * </pre>
 */
sealed interface Frame {
  /** A call of NLM with what stands around it; addresses take less. */
  int BYTES_MAX = 16 << 10;

  /** Of most: buffers grow. */
  int USUAL_BYTES = 512;

  int NAME_BYTES_MAX = 512;
  int ADDRESSES_MAX = 512;

  /** Some hundred calls that the other side has not read; more are dropped, and come again. */
  int UNSENT_BYTES_MAX = 1 << 20;

  /** The form of what follows. */
  int FORM = 1;

  /** How they are written. */
  FrameSocket.Form<Frame> WRITTEN =
      new FrameSocket.Form<>() {
        @Override
        public int bytesMax() {
          return BYTES_MAX;
        }

        @Override
        public int unsentBytesMax() {
          return UNSENT_BYTES_MAX;
        }

        @Override
        public Frame alive() {
          return new Alive();
        }

        @Override
        public int roughly(Frame frame) {
          return USUAL_BYTES;
        }

        @Override
        public void write(Frame frame, XdrWriter out) {
          Frame.write(frame, out);
        }

        @Override
        public Frame read(ByteBuf record) {
          return Frame.read(record);
        }
      };

  record Challenge(int form, byte[] nonce) implements Frame {}

  record Hello(byte[] nonce, byte[] proof, String instance) implements Frame {}

  record Welcome(byte[] proof, String instance, String page) implements Frame {}

  record Addresses(List<InetAddress> all) implements Frame {}

  record Forwarded(int number, LockCaller caller, byte[] record) implements Frame {}

  record Replied(int number, byte[] record) implements Frame {}

  record Callback(int number, ClientCall call) implements Frame {}

  record Answer(int number, boolean hasResults, byte[] resultsOrWhy) implements Frame {}

  record Alive() implements Frame {}

  record Offered() implements Frame {}

  private static void write(Frame frame, XdrWriter out) {
    if (frame instanceof Challenge it) {
      out.int32(1).int32(it.form).fixed(it.nonce);
    } else if (frame instanceof Hello it) {
      out.int32(2).fixed(it.nonce).fixed(it.proof).string(it.instance);
    } else if (frame instanceof Welcome it) {
      out.int32(3).fixed(it.proof).string(it.instance).string(it.page);
    } else if (frame instanceof Addresses it) {
      out.int32(4).int32(it.all.size());
      it.all.forEach(each -> address(out, each));
    } else if (frame instanceof Forwarded it) {
      address(out.int32(5).int32(it.number), it.caller.address());
      address(out, it.caller.reached()).bool(it.caller.isConnected()).opaque(it.record);
    } else if (frame instanceof Replied it) {
      out.int32(6).int32(it.number).opaque(it.record);
    } else if (frame instanceof Callback it) {
      ClientCall call = it.call;
      address(address(out.int32(7).int32(it.number), call.client()), call.from());
      out.int32(call.program()).int32(call.version()).int32(call.procedure());
      out.opaque(call.arguments());
    } else if (frame instanceof Answer it) {
      out.int32(8).int32(it.number).bool(it.hasResults).opaque(it.resultsOrWhy);
    } else if (frame instanceof Alive) {
      out.int32(9);
    } else {
      out.int32(10);
    }
  }

  private static XdrWriter address(XdrWriter out, @Nullable InetAddress address) {
    return out.opaque(address == null ? new byte[0] : address.getAddress());
  }

  /**
   * Reads one.
   *
   * @param record without marker
   * @throws XdrException if it is none
   */
  static Frame read(ByteBuf record) {
    XdrReader in = new XdrReader().reset(record);
    int type = in.int32();
    return switch (type) {
      case 1 -> new Challenge(in.int32(), in.fixed(MemberSecret.NONCE_BYTES));
      case 2 ->
          new Hello(
              in.fixed(MemberSecret.NONCE_BYTES),
              in.fixed(MemberSecret.PROOF_BYTES),
              in.string(NAME_BYTES_MAX));
      case 3 ->
          new Welcome(
              in.fixed(MemberSecret.PROOF_BYTES),
              in.string(NAME_BYTES_MAX),
              in.string(NAME_BYTES_MAX));
      case 4 -> addresses(in);
      case 5 -> {
        int number = in.int32();
        LockCaller caller = new LockCaller(needed(in), address(in), in.bool());
        int bytesMax = LockTcp.RECORD_BYTES_MAX + RecordMarking.MARKER_BYTES;
        yield new Forwarded(number, caller, in.opaque(bytesMax));
      }
      case 6 -> new Replied(in.int32(), in.opaque(BYTES_MAX));
      case 7 ->
          new Callback(
              in.int32(),
              new ClientCall(
                  needed(in),
                  address(in),
                  in.int32(),
                  in.int32(),
                  in.int32(),
                  in.opaque(BYTES_MAX)));
      case 8 -> new Answer(in.int32(), in.bool(), in.opaque(BYTES_MAX));
      case 9 -> new Alive();
      case 10 -> new Offered();
      default -> throw new XdrException("a frame of type " + Integer.toUnsignedString(type));
    };
  }

  private static Addresses addresses(XdrReader in) {
    List<InetAddress> all = new ArrayList<>();
    for (int left = in.count(ADDRESSES_MAX); left > 0; left--) {
      all.add(needed(in));
    }
    return new Addresses(all);
  }

  private static InetAddress needed(XdrReader in) {
    InetAddress address = address(in);
    if (address == null) {
      throw new XdrException("no address before " + in.position());
    }
    return address;
  }

  private static @Nullable InetAddress address(XdrReader in) {
    byte[] bytes = in.opaque(16);
    try {
      return bytes.length == 0 ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException wrong) {
      throw new XdrException("an address of " + bytes.length + " bytes before " + in.position());
    }
  }
}
