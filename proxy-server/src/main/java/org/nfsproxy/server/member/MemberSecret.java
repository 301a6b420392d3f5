package org.nfsproxy.server.member;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the instances of one proxy know and nobody else: that they are, and that what is in their
 * shared records is theirs. HMAC-SHA-256 (RFC 2104). Used by one thread.
 */
// The secret itself is never sent. What is proved differs by side, so that nobody can be made to
// answer its own challenge; and by what it is for.
public final class MemberSecret {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SEAL_BYTES = 16;

  /** Of a challenge, and of what answers it. */
  public static final int NONCE_BYTES = 32;

  /** Of what proves it. */
  public static final int PROOF_BYTES = 32;

  /** Of a key for what is said on a connection. */
  public static final int KEY_BYTES = 32;

  private final String ofOwner;
  private final String ofMember;
  private final String ofRecord;
  private final String ownersFrames;
  private final String membersFrames;
  private final Mac mac;
  private final SecureRandom random = new SecureRandom();

  /**
   * A secret.
   *
   * @param purpose what it proves: what is proved for one is nothing for another
   * @param secret any bytes that cannot be guessed
   */
  public MemberSecret(String purpose, byte[] secret) {
    ofOwner = "nfs-proxy " + purpose + " 1 owner";
    ofMember = "nfs-proxy " + purpose + " 1 member";
    ofRecord = "nfs-proxy " + purpose + " 1 record";
    ownersFrames = "nfs-proxy " + purpose + " 1 owner's frames";
    membersFrames = "nfs-proxy " + purpose + " 1 member's frames";
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has it", impossible);
    }
  }

  /** Bytes that nobody has seen before. */
  public byte[] nonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  /** That whoever answers a challenge knows the secret. */
  public byte[] ofMember(byte[] ownersNonce, byte[] membersNonce, String instance) {
    return proof(ofMember, ownersNonce, membersNonce, bytes(instance));
  }

  /** That whoever challenged knows it too. */
  public byte[] ofOwner(byte[] ownersNonce, byte[] membersNonce, String instance) {
    return proof(ofOwner, ownersNonce, membersNonce, bytes(instance));
  }

  /** What seals what the challenged one says on a connection, and opens it. */
  public FrameSeal ofMembersFrames(byte[] ownersNonce, byte[] membersNonce) {
    return new FrameSeal(proof(membersFrames, ownersNonce, membersNonce));
  }

  /** The same of what whoever challenged says. */
  public FrameSeal ofOwnersFrames(byte[] ownersNonce, byte[] membersNonce) {
    return new FrameSeal(proof(ownersFrames, ownersNonce, membersNonce));
  }

  /** Compares in a time that tells nothing. */
  public static boolean isSame(byte[] proof, byte[] expected) {
    return MessageDigest.isEqual(proof, expected);
  }

  /** Puts a seal in front of a record. */
  public byte[] sealed(String key, byte[] record) {
    byte[] seal = Arrays.copyOf(proof(ofRecord, bytes(key), record), SEAL_BYTES);
    return ByteBuffer.allocate(SEAL_BYTES + record.length).put(seal).put(record).array();
  }

  /**
   * Takes it off again.
   *
   * @return null if no instance has put it there, under that key
   */
  public byte @Nullable [] opened(String key, byte[] sealed) {
    if (sealed.length < SEAL_BYTES) {
      return null;
    }
    byte[] record = Arrays.copyOfRange(sealed, SEAL_BYTES, sealed.length);
    return MessageDigest.isEqual(sealed(key, record), sealed) ? record : null;
  }

  // Each part with its length in front, so that no two lists of parts are the same bytes.
  private byte[] proof(String what, byte[]... parts) {
    mac.reset();
    add(bytes(what));
    for (byte[] part : parts) {
      add(part);
    }
    return mac.doFinal();
  }

  private void add(byte[] part) {
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
    mac.update(part);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
