package org.nfsproxy.backend.coordinated.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeHow;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** Reads the items that arguments are made of, RFC 1813 sections 2.5, 2.6 and 3.3. */
final class Arguments {
  private static final TimeHow[] TIME_HOWS = TimeHow.values();
  private static final StableHow[] STABLE_HOWS = StableHow.values();
  private static final int UNCHECKED = 0;
  private static final int GUARDED = 1;
  private static final int EXCLUSIVE = 2;
  private static final int NANOS_MAX = 999_999_999;

  private Arguments() {}

  static ObjectHandle handle(XdrReader in) {
    return ObjectHandle.read(in.opaque(Filehandle.NFS3_BYTES_MAX));
  }

  /** filename3 and nfspath3 have no length limit of their own; the filesystem has. */
  static byte[] name(XdrReader in) {
    return in.opaque(in.remaining());
  }

  static AttributeChange attributeChange(XdrReader in) {
    return new AttributeChange(
        optionalInt(in),
        optionalInt(in),
        optionalInt(in),
        in.bool() ? OptionalLong.of(in.int64()) : OptionalLong.empty(),
        timeChange(in),
        timeChange(in));
  }

  private static OptionalInt optionalInt(XdrReader in) {
    return in.bool() ? OptionalInt.of(in.int32()) : OptionalInt.empty();
  }

  private static TimeChange timeChange(XdrReader in) {
    TimeHow how = TIME_HOWS[in.count(TIME_HOWS.length - 1)];
    return new TimeChange(
        how, how == TimeHow.SET_TO_CLIENT_TIME ? Optional.of(time(in)) : Optional.empty());
  }

  static FileTime time(XdrReader in) {
    return new FileTime(in.int32(), in.count(NANOS_MAX));
  }

  static Optional<FileTime> guard(XdrReader in) {
    return in.bool() ? Optional.of(time(in)) : Optional.empty();
  }

  static StableHow stableHow(XdrReader in) {
    return STABLE_HOWS[in.count(STABLE_HOWS.length - 1)];
  }

  static CreateHow createHow(XdrReader in) {
    int mode = in.int32();
    return switch (mode) {
      case UNCHECKED -> new CreateHow.Unchecked(attributeChange(in));
      case GUARDED -> new CreateHow.Guarded(attributeChange(in));
      case EXCLUSIVE -> new CreateHow.Exclusive(in.int64());
      default -> throw new XdrException("createmode3 " + Integer.toUnsignedString(mode));
    };
  }

  static FileType fileType(XdrReader in) {
    int number = in.count(FileType.numberMax());
    if (number == 0) {
      throw new XdrException("ftype3 0");
    }
    return FileType.of(number);
  }

  static Attributes.Device device(XdrReader in) {
    return new Attributes.Device(in.int32(), in.int32());
  }

  /** Opaque data, not copied; its length must be what was said before it. */
  static ByteBuf bytes(XdrReader in, int announced) {
    int from = in.position() + 4;
    int length = in.skipOpaque(in.remaining());
    if (length != announced) {
      throw new XdrException("count " + announced + " before " + length + " bytes");
    }
    return in.buffer().slice(from, length);
  }
}
