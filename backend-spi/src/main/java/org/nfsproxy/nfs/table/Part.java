package org.nfsproxy.nfs.table;

import java.util.Locale;

/**
 * Something in arguments or results that has a meaning to those who learn from replies or rewrite
 * calls and replies.
 */
public enum Part {
  /** A filehandle: its bytes, without their length. */
  HANDLE,
  /** A name in a directory, or an export's path: its bytes, without their length. */
  NAME,
  /** An entry of a list, from the true before it to its last byte. */
  ENTRY,
  /** NFSv2 or NFSv3 attributes of the object whose {@link #HANDLE} these results or entry have. */
  ATTRIBUTES,
  /** NFSv2 or NFSv3 attributes of the object that the first handle in the arguments names. */
  FIRST_ATTRIBUTES,
  /** NFSv2 or NFSv3 attributes of the object that the second handle in the arguments names. */
  SECOND_ATTRIBUTES,
  /** NFSv4 attributes, for an {@code AttributeWalk}: of the current filehandle, or of an entry. */
  FATTR4,
  /** The attributes that GETATTR or READDIR asks for: a bitmap, from its count to its last word. */
  ASKED,
  /** The attributes that VERIFY and NVERIFY compare: a bitmap, as {@link #ASKED}. */
  COMPARED,
  /** The sequence number of an open-owner or lock-owner, which counts in NFSv4.0: a word. */
  OWNER_SEQID,
  /** The flags of CREATE_SESSION or SEQUENCE in a reply: a word. */
  FLAGS,
  /** A session's fore channel: six words from the header's padding to the calls in flight. */
  FORE_CHANNEL,
  /** The flags of EXCHANGE_ID, both ways: what each side offers to do. A word. */
  EXCHANGE_FLAGS,
  /** What a client calls itself in EXCHANGE_ID or SETCLIENTID: its bytes, without their length. */
  OWNER,
  /** A client id: 8 bytes. */
  CLIENTID,
  /** The server owner's minor id: 8 bytes. */
  MINOR_ID,
  /** The server owner's major id: its bytes, without their length. */
  MAJOR_ID,
  /** The server's scope: its bytes, without their length. */
  SCOPE,
  /** What ACCESS grants: a word of bits, for {@code GrantedAccess}. */
  GRANTED,
  /** A list of security flavors, from its count to its last byte. */
  FLAVORS,
  /** Which delegation OPEN or WANT_DELEGATION wants, and how OPEN shares the file: a word. */
  WANTED,
  /** What OPEN opens and how, behind its owner: openflag4 and open_claim4. */
  OPENED,
  /** The name of an extended attribute: its bytes, without their length. */
  XATTR,
  /** What WRITE writes, or READ has read: its bytes, without their length. */
  PAYLOAD,
  /** Which bytes READ asks for: the offset, 8 bytes, and the count, 4. */
  RANGE,
  /** Whether SEQUENCE asks for its reply to be kept, {@code sa_cachethis}: a word. */
  CACHE_THIS,
  /** A server's name or address as somebody may dial it: its bytes, without their length. */
  SERVER;

  /** The name in a layout's notation. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
