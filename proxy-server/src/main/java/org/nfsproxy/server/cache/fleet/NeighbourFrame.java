package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.member.FrameSocket;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * What two instances say to each other of data that were read, in XDR; each is a record (RFC 5531
 * section 11).
 *
 * <pre>
 *  the home says                                  the other one says
 *  1 CHALLENGE  form, nonce                       2 HELLO     form, nonce, proof, instance
 *  3 WELCOME    proof, instance
 *                                                 4 ASK       number, key, version known, may put, from, to
 *  5 COMING     number, version, to, is here
 *  6 FETCH      number, whether others wait
 *  7 PIECE      number, version, offset, sum, data
 *  8 END        number
 *                                                 9 PUT       key, version, offset, sum, data
 *                                                 10 GIVEN_UP key, from, to
 *  11 ALIVE                                       11 ALIVE
 *                                                 12 PURGE    number
 *  13 PURGED    number, bytes dropped
 * </pre>
 *
 * All behind HELLO and WELCOME are sealed.
 */
sealed interface NeighbourFrame {
  /** Of data in one: as large as pieces are kept by default. */
  int DATA_BYTES_MAX = 128 << 10;

  /** Data with what stands around them. */
  int BYTES_MAX = DATA_BYTES_MAX + 1024;

  /** What is asked for at once: READs are shorter. */
  int RANGE_BYTES_MAX = 1 << Homes.STRETCH_BITS;

  int NAME_BYTES_MAX = 512;

  /** The form of what follows. The first one was not sealed. */
  int FORM = 2;

  /** What is proven, of an origin: that one can say this form of it. */
  static MemberSecret secret(String origin, byte[] known) {
    return new MemberSecret("cache " + FORM + " of " + origin, known);
  }

  record Challenge(int form, byte[] nonce) implements NeighbourFrame {}

  record Hello(int form, byte[] nonce, byte[] proof, String instance) implements NeighbourFrame {}

  record Welcome(byte[] proof, String instance) implements NeighbourFrame {}

  record Ask(int number, Question question) implements NeighbourFrame {}

  record Comes(int number, FileVersion version, long to, boolean isHere)
      implements NeighbourFrame {}

  record Yours(int number, boolean isGranted) implements NeighbourFrame {}

  record Piece(int number, FileVersion version, long offset, int sum, ByteBuf data)
      implements NeighbourFrame {}

  record End(int number) implements NeighbourFrame {}

  record Put(FileKey key, FileVersion version, long offset, int sum, ByteBuf data)
      implements NeighbourFrame {}

  record GivenUp(FileKey key, long from, long to) implements NeighbourFrame {}

  record Purge(int number) implements NeighbourFrame {}

  record HasPurged(int number, long droppedBytes) implements NeighbourFrame {}

  record Alive() implements NeighbourFrame {}

  /**
   * How they are written.
   *
   * @param unsentBytesMax what may be unread before nothing more is sent
   */
  record Form(int unsentBytesMax) implements FrameSocket.Form<NeighbourFrame> {
    @Override
    public int bytesMax() {
      return BYTES_MAX;
    }

    @Override
    public NeighbourFrame alive() {
      return new Alive();
    }

    @Override
    public int roughly(NeighbourFrame frame) {
      return NeighbourFrame.roughly(frame);
    }

    @Override
    public void write(NeighbourFrame frame, XdrWriter out) {
      NeighbourFrame.write(frame, out);
    }

    @Override
    public NeighbourFrame read(ByteBuf record) {
      return NeighbourFrame.read(record);
    }
  }

  private static int roughly(NeighbourFrame frame) {
    int around = 512;
    if (frame instanceof Piece it) {
      return around + it.data.readableBytes();
    }
    return frame instanceof Put it ? around + it.data.readableBytes() : around;
  }

  private static void write(NeighbourFrame frame, XdrWriter out) {
    if (frame instanceof Challenge it) {
      out.int32(1).int32(it.form).fixed(it.nonce);
    } else if (frame instanceof Hello it) {
      out.int32(2).int32(it.form).fixed(it.nonce).fixed(it.proof).string(it.instance);
    } else if (frame instanceof Welcome it) {
      out.int32(3).fixed(it.proof).string(it.instance);
    } else if (frame instanceof Ask it) {
      key(out.int32(4).int32(it.number), it.question.key());
      FileVersion known = it.question.known();
      out.bool(known != null);
      if (known != null) {
        version(out, known);
      }
      out.bool(it.question.mayPut()).int64(it.question.from()).int64(it.question.to());
    } else if (frame instanceof Comes it) {
      version(out.int32(5).int32(it.number), it.version).int64(it.to).bool(it.isHere);
    } else if (frame instanceof Yours it) {
      out.int32(6).int32(it.number).bool(it.isGranted);
    } else if (frame instanceof Piece it) {
      version(out.int32(7).int32(it.number), it.version).int64(it.offset).int32(it.sum);
      data(out, it.data);
    } else if (frame instanceof End it) {
      out.int32(8).int32(it.number);
    } else if (frame instanceof Put it) {
      version(key(out.int32(9), it.key), it.version).int64(it.offset).int32(it.sum);
      data(out, it.data);
    } else if (frame instanceof GivenUp it) {
      key(out.int32(10), it.key).int64(it.from).int64(it.to);
    } else if (frame instanceof Purge it) {
      out.int32(12).int32(it.number);
    } else if (frame instanceof HasPurged it) {
      out.int32(13).int32(it.number).int64(it.droppedBytes);
    } else {
      out.int32(11);
    }
  }

  private static XdrWriter key(XdrWriter out, FileKey key) {
    return out.int32(key.nfsVersion()).opaque(key.handle().bytes());
  }

  private static XdrWriter version(XdrWriter out, FileVersion it) {
    return out.int64(it.change())
        .int64(it.size())
        .int64(it.fsidMajor())
        .int64(it.fsidMinor())
        .int64(it.fileid())
        .int64(it.modified())
        .int32(it.modifiedNanos())
        .int64(it.changed())
        .int32(it.changedNanos());
  }

  private static void data(XdrWriter out, ByteBuf data) {
    int length = data.readableBytes();
    out.int32(length).buffer().writeBytes(data, data.readerIndex(), length).writeZero(-length & 3);
  }

  /**
   * Reads one.
   *
   * @param record without marker; data are a part of it
   * @throws XdrException if it is none
   */
  static NeighbourFrame read(ByteBuf record) {
    XdrReader in = new XdrReader().reset(record);
    int type = in.int32();
    return switch (type) {
      case 1 -> new Challenge(in.int32(), in.fixed(MemberSecret.NONCE_BYTES));
      case 2 ->
          new Hello(
              in.int32(),
              in.fixed(MemberSecret.NONCE_BYTES),
              in.fixed(MemberSecret.PROOF_BYTES),
              in.string(NAME_BYTES_MAX));
      case 3 -> new Welcome(in.fixed(MemberSecret.PROOF_BYTES), in.string(NAME_BYTES_MAX));
      case 4 -> ask(in);
      case 5 -> new Comes(in.int32(), version(in), in.int64(), in.bool());
      case 6 -> new Yours(in.int32(), in.bool());
      case 7 -> new Piece(in.int32(), version(in), in.int64(), in.int32(), data(in));
      case 8 -> new End(in.int32());
      case 9 -> new Put(key(in), version(in), offset(in), in.int32(), data(in));
      case 10 -> {
        FileKey key = key(in);
        long from = offset(in);
        yield new GivenUp(key, from, end(in, from));
      }
      case 11 -> new Alive();
      case 12 -> new Purge(in.int32());
      case 13 -> new HasPurged(in.int32(), in.int64());
      default -> throw new XdrException("a frame of type " + Integer.toUnsignedString(type));
    };
  }

  private static Ask ask(XdrReader in) {
    int number = in.int32();
    FileKey key = key(in);
    FileVersion known = in.bool() ? version(in) : null;
    boolean mayPut = in.bool();
    long from = offset(in);
    return new Ask(number, new Question(key, known, mayPut, from, end(in, from)));
  }

  private static FileKey key(XdrReader in) {
    int nfsVersion = in.int32();
    if (nfsVersion != 3 && nfsVersion != 4) {
      throw new XdrException("version " + nfsVersion + " of NFS");
    }
    return new FileKey(Filehandle.of(in.opaque(Filehandle.NFS4_BYTES_MAX)), nfsVersion);
  }

  private static FileVersion version(XdrReader in) {
    return new FileVersion(
        in.int64(),
        in.int64(),
        in.int64(),
        in.int64(),
        in.int64(),
        in.int64(),
        in.int32(),
        in.int64(),
        in.int32());
  }

  private static long offset(XdrReader in) {
    long offset = in.int64();
    if (offset < 0 || offset > Long.MAX_VALUE - RANGE_BYTES_MAX) {
      throw new XdrException("offset " + Long.toUnsignedString(offset));
    }
    return offset;
  }

  private static long end(XdrReader in, long from) {
    long to = in.int64();
    if (to <= from || to - from > RANGE_BYTES_MAX) {
      throw new XdrException("a range from " + from + " to " + to);
    }
    return to;
  }

  private static ByteBuf data(XdrReader in) {
    int at = in.position() + Integer.BYTES;
    int length = in.skipOpaque(DATA_BYTES_MAX);
    return in.buffer().slice(at, length);
  }
}
