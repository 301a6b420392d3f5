package org.nfsproxy.server.member;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.nfsproxy.rpc.RecordMarking;

/**
 * One direction of a connection between instances: AES-256-GCM (NIST SP 800-38D). Used by one
 * thread, on one side.
 */
// A frame's number is its nonce and is not sent: so a frame that is there twice, in another's
// place or after one that is missing opens no more than one that was changed. The key is of this
// connection and this direction alone, so one of another connection, or of our own, opens neither.
public final class FrameSeal {
  /** What a seal adds to a frame. */
  public static final int BYTES = 16;

  private static final String ALGORITHM = "AES";
  private static final int NONCE_BYTES = 12;

  /** A frame is not the next one of whoever has the key. */
  public static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException() {
      super("a broken seal", null, false, false);
    }
  }

  private final SecretKeySpec key;
  private final Cipher cipher;
  private long number;

  /**
   * Of a connection that has sealed nothing yet.
   *
   * @param key {@link MemberSecret#KEY_BYTES} that were used for nothing else
   */
  public FrameSeal(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has it", impossible);
    }
  }

  /**
   * Seals the next frame.
   *
   * @param record marker included, on the heap
   * @return the record to be sent, marker included
   */
  public ByteBuf sealed(ByteBuf record) {
    int length = record.readableBytes() - RecordMarking.MARKER_BYTES;
    int at = record.arrayOffset() + record.readerIndex() + RecordMarking.MARKER_BYTES;
    byte[] sealed = new byte[RecordMarking.MARKER_BYTES + length + BYTES];
    ByteBuffer.wrap(sealed).putInt(RecordMarking.lastFragment(length + BYTES));
    try {
      next(Cipher.ENCRYPT_MODE);
      cipher.doFinal(record.array(), at, length, sealed, RecordMarking.MARKER_BYTES);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the key is one, and there is room", impossible);
    }
    return Unpooled.wrappedBuffer(sealed);
  }

  /**
   * Opens the next frame.
   *
   * @param record without marker, on the heap
   * @return the frame's record, without marker
   * @throws BrokenException if it is not just that; nothing more can be opened then
   */
  public ByteBuf opened(ByteBuf record) throws BrokenException {
    int length = record.readableBytes();
    if (length < BYTES) {
      throw new BrokenException();
    }
    byte[] opened = new byte[length - BYTES];
    int at = record.arrayOffset() + record.readerIndex();
    try {
      next(Cipher.DECRYPT_MODE);
      cipher.doFinal(record.array(), at, length, opened);
    } catch (AEADBadTagException broken) {
      throw new BrokenException();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the key is one, and there is room", impossible);
    }
    return Unpooled.wrappedBuffer(opened);
  }

  private void next(int mode) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    ByteBuffer.wrap(nonce).putLong(NONCE_BYTES - Long.BYTES, number++);
    cipher.init(mode, key, new GCMParameterSpec(BYTES * Byte.SIZE, nonce));
  }
}
