package org.nfsproxy.nfs;

import java.nio.ByteBuffer;

/**
 * Writes the arguments of a COMPOUND, one method for each operation, following RFC 7531, 5662, 7863
 * and 8276 and nothing of the product. Reads like a packet trace:
 *
 * <pre>
 *   CompoundBuilder.compound(1).sequence(3).putfh(handle).lookup("usr").getfh().bytes()
 * </pre>
 */
public final class CompoundBuilder extends XdrBytes<CompoundBuilder> {
  private final int countAt;
  private int count;

  private CompoundBuilder(String tag, int minorVersion, boolean callback) {
    text(tag).word(minorVersion);
    if (callback) {
      word(0x1de47);
    }
    countAt = length();
    word(0);
  }

  public static CompoundBuilder compound(int minorVersion) {
    return new CompoundBuilder("", minorVersion, false);
  }

  public static CompoundBuilder compound(String tag, int minorVersion) {
    return new CompoundBuilder(tag, minorVersion, false);
  }

  public static CompoundBuilder callback(int minorVersion) {
    return new CompoundBuilder("", minorVersion, true);
  }

  @Override
  public byte[] bytes() {
    byte[] bytes = super.bytes();
    ByteBuffer.wrap(bytes).putInt(countAt, count);
    return bytes;
  }

  public CompoundBuilder op(int number) {
    count++;
    return word(number);
  }

  // Structures of more than one operation.

  public CompoundBuilder stateid(int seqid) {
    return word(seqid).fixed(12, 0x5a);
  }

  public CompoundBuilder bitmap(int... words) {
    return word(words.length).words(words);
  }

  /** A fattr4 with the size attribute only. */
  public CompoundBuilder attributes() {
    return bitmap(1 << 4).word(8).hyper(4096);
  }

  public CompoundBuilder owner(String owner) {
    return hyper(0xc11e27L).text(owner);
  }

  public CompoundBuilder time() {
    return hyper(1_700_000_000L).word(7);
  }

  public CompoundBuilder address() {
    return text("tcp").text("10.0.0.1.8.1");
  }

  public CompoundBuilder session() {
    return fixed(16, 0x5e);
  }

  // NFSv4.0

  public CompoundBuilder access(int bits) {
    return op(3).word(bits);
  }

  public CompoundBuilder close() {
    return op(4).word(9).stateid(1);
  }

  public CompoundBuilder commit() {
    return op(5).hyper(0).word(4096);
  }

  public CompoundBuilder createDirectory(String name) {
    return op(6).word(2).text(name).attributes();
  }

  public CompoundBuilder createLink(String name, String target) {
    return op(6).word(5).text(target).text(name).attributes();
  }

  public CompoundBuilder createDevice(int type, String name) {
    return op(6).word(type).words(8, 1).text(name).attributes();
  }

  public CompoundBuilder createOfType(int type, String name) {
    return op(6).word(type).text(name).attributes();
  }

  public CompoundBuilder delegpurge() {
    return op(7).hyper(5);
  }

  public CompoundBuilder delegreturn() {
    return op(8).stateid(1);
  }

  public CompoundBuilder getattr(int... bitmap) {
    return op(9).bitmap(bitmap);
  }

  public CompoundBuilder getfh() {
    return op(10);
  }

  public CompoundBuilder link(String name) {
    return op(11).text(name);
  }

  public CompoundBuilder lockNewOwner() {
    op(12).words(2, 0).hyper(0).hyper(-1);
    return word(1).word(4).stateid(1).word(0).owner("lock owner");
  }

  public CompoundBuilder lockSameOwner() {
    return op(12).words(2, 0).hyper(0).hyper(-1).word(0).stateid(1).word(2);
  }

  public CompoundBuilder lockt() {
    return op(13).word(1).hyper(0).hyper(100).owner("lock owner");
  }

  public CompoundBuilder locku() {
    return op(14).words(1, 3).stateid(2).hyper(0).hyper(100);
  }

  public CompoundBuilder lookup(String name) {
    return op(15).text(name);
  }

  public CompoundBuilder lookupp() {
    return op(16);
  }

  public CompoundBuilder nverify() {
    return op(17).attributes();
  }

  /** The part of OPEN that is the same for all; how to open and the claim follow. */
  public CompoundBuilder open(int shareAccess, int shareDeny) {
    return op(18).words(1, shareAccess, shareDeny).owner("open id:0001");
  }

  public CompoundBuilder nocreate() {
    return word(0);
  }

  public CompoundBuilder unchecked() {
    return words(1, 0).attributes();
  }

  public CompoundBuilder guarded() {
    return words(1, 1).attributes();
  }

  public CompoundBuilder exclusive() {
    return words(1, 2).fixed(8, 0xee);
  }

  public CompoundBuilder exclusive41() {
    return words(1, 3).fixed(8, 0xee).attributes();
  }

  public CompoundBuilder claimNull(String name) {
    return word(0).text(name);
  }

  public CompoundBuilder claimPrevious() {
    return words(1, 2);
  }

  public CompoundBuilder claimDelegateCur(String name) {
    return word(2).stateid(3).text(name);
  }

  public CompoundBuilder claimDelegatePrev(String name) {
    return word(3).text(name);
  }

  public CompoundBuilder claimFh() {
    return word(4);
  }

  public CompoundBuilder claimDelegCurFh() {
    return word(5).stateid(3);
  }

  public CompoundBuilder claimDelegPrevFh() {
    return word(6);
  }

  public CompoundBuilder openattr(boolean createDirectory) {
    return op(19).word(createDirectory ? 1 : 0);
  }

  public CompoundBuilder openConfirm() {
    return op(20).stateid(1).word(2);
  }

  public CompoundBuilder openDowngrade() {
    return op(21).stateid(1).words(3, 1, 0);
  }

  public CompoundBuilder putfh(byte[] handle) {
    return op(22).opaque(handle);
  }

  public CompoundBuilder putpubfh() {
    return op(23);
  }

  public CompoundBuilder putrootfh() {
    return op(24);
  }

  public CompoundBuilder read(long offset, int count) {
    return op(25).stateid(0).hyper(offset).word(count);
  }

  public CompoundBuilder readdir(int... bitmap) {
    return op(26).hyper(0).hyper(0).words(1024, 32768).bitmap(bitmap);
  }

  public CompoundBuilder readlink() {
    return op(27);
  }

  public CompoundBuilder remove(String name) {
    return op(28).text(name);
  }

  public CompoundBuilder rename(String from, String to) {
    return op(29).text(from).text(to);
  }

  public CompoundBuilder renew() {
    return op(30).hyper(5);
  }

  public CompoundBuilder restorefh() {
    return op(31);
  }

  public CompoundBuilder savefh() {
    return op(32);
  }

  public CompoundBuilder secinfo(String name) {
    return op(33).text(name);
  }

  public CompoundBuilder setattr() {
    return op(34).stateid(0).attributes();
  }

  public CompoundBuilder setclientid(String id) {
    return op(35).fixed(8, 1).text(id).word(0x40000000).address().word(1);
  }

  public CompoundBuilder setclientidConfirm() {
    return op(36).hyper(5).fixed(8, 2);
  }

  public CompoundBuilder verify() {
    return op(37).attributes();
  }

  public CompoundBuilder write(long offset, byte[] payload) {
    return op(38).stateid(1).hyper(offset).word(2).opaque(payload);
  }

  public CompoundBuilder releaseLockowner() {
    return op(39).owner("lock owner");
  }

  // NFSv4.1

  public CompoundBuilder backchannelCtl() {
    return op(40).word(0x40000001).word(1).securityNone();
  }

  public CompoundBuilder securityNone() {
    return word(0);
  }

  public CompoundBuilder securitySys(int... gids) {
    return word(1).word(77).text("client.example.org").words(0, 0).word(gids.length).words(gids);
  }

  public CompoundBuilder securityGss() {
    return word(6).word(2).opaque(4, 0xa1).opaque(7, 0xa2);
  }

  public CompoundBuilder bindConnToSession() {
    return op(41).session().words(7, 0);
  }

  /** EXCHANGE_ID up to its flags; state protection and implementation follow. */
  public CompoundBuilder exchangeId(String owner) {
    return op(42).fixed(8, 3).text(owner).word(0x101);
  }

  public CompoundBuilder protectNone() {
    return word(0);
  }

  public CompoundBuilder protectMachineCredential() {
    return word(1).bitmap(0, 0x1234, 0xf).bitmap(0x10);
  }

  public CompoundBuilder protectSsv() {
    word(2).bitmap(1).bitmap();
    word(2).opaque(9, 6).opaque(5, 7);
    return word(1).opaque(9, 8).words(128, 4);
  }

  public CompoundBuilder noImplementation() {
    return word(0);
  }

  public CompoundBuilder implementation() {
    return word(1).text("kernel.org").text("Linux 6.1.0 x86_64").time();
  }

  /** CREATE_SESSION up to its callback security, whose count follows. */
  public CompoundBuilder createSession(int... rdmaIrd) {
    return op(43).hyper(5).words(1, 2).channel(rdmaIrd).channel().word(0x40000000);
  }

  private CompoundBuilder channel(int... rdmaIrd) {
    return words(0, 1049620, 1049480, 7584, 8, 64).word(rdmaIrd.length).words(rdmaIrd);
  }

  public CompoundBuilder destroySession() {
    return op(44).session();
  }

  public CompoundBuilder freeStateid() {
    return op(45).stateid(1);
  }

  public CompoundBuilder getDirDelegation() {
    return op(46).word(0).bitmap(0x3f).time().time().bitmap(1, 2).bitmap(3);
  }

  public CompoundBuilder getdeviceinfo() {
    return op(47).fixed(16, 0xde).words(1, 65536).bitmap(6);
  }

  public CompoundBuilder getdevicelist() {
    return op(48).words(1, 16).hyper(0).fixed(8, 0);
  }

  public CompoundBuilder layoutcommit(boolean newOffset, boolean newTime) {
    op(49).hyper(0).hyper(4096).word(0).stateid(1);
    word(newOffset ? 1 : 0);
    if (newOffset) {
      hyper(4095);
    }
    word(newTime ? 1 : 0);
    if (newTime) {
      time();
    }
    return word(4).opaque(6, 0x10);
  }

  public CompoundBuilder layoutget(int iomode) {
    return op(50).words(0, 1, iomode).hyper(0).hyper(-1).hyper(4096).stateid(1).word(65536);
  }

  public CompoundBuilder layoutreturnFile() {
    return op(51).words(0, 4, 3).word(1).hyper(0).hyper(-1).stateid(1).opaque(11, 0x1b);
  }

  public CompoundBuilder layoutreturn(int type) {
    return op(51).words(0, 4, 3).word(type);
  }

  public CompoundBuilder secinfoNoName() {
    return op(52).word(1);
  }

  public CompoundBuilder sequence(int slot) {
    return op(53).session().words(12, slot, 63, 1);
  }

  public CompoundBuilder setSsv() {
    return op(54).opaque(20, 0x55).opaque(33, 0x56);
  }

  public CompoundBuilder testStateid(int stateids) {
    op(55).word(stateids);
    for (int i = 0; i < stateids; i++) {
      stateid(i);
    }
    return this;
  }

  public CompoundBuilder wantDelegationPrevious() {
    return op(56).word(0x100).words(1, 1);
  }

  public CompoundBuilder wantDelegation(int claim) {
    return op(56).word(0x100).word(claim);
  }

  public CompoundBuilder destroyClientid() {
    return op(57).hyper(5);
  }

  public CompoundBuilder reclaimComplete(boolean oneFilesystem) {
    return op(58).word(oneFilesystem ? 1 : 0);
  }

  // NFSv4.2

  public CompoundBuilder allocate() {
    return op(59).stateid(1).hyper(0).hyper(4096);
  }

  /** COPY up to its list of source servers, whose count follows. */
  public CompoundBuilder copy() {
    return op(60).stateid(1).stateid(2).hyper(0).hyper(0).hyper(4096).words(1, 0);
  }

  public CompoundBuilder serverByName(String name) {
    return word(1).text(name);
  }

  public CompoundBuilder serverByUrl(String url) {
    return word(2).text(url);
  }

  public CompoundBuilder serverByAddress() {
    return word(3).address();
  }

  public CompoundBuilder copyNotify() {
    return op(61).stateid(1);
  }

  public CompoundBuilder deallocate() {
    return op(62).stateid(1).hyper(0).hyper(4096);
  }

  public CompoundBuilder ioAdvise() {
    return op(63).stateid(1).hyper(0).hyper(4096).bitmap(0x42);
  }

  public CompoundBuilder layouterror(int errors) {
    op(64).hyper(0).hyper(4096).stateid(1).word(errors);
    for (int i = 0; i < errors; i++) {
      fixed(16, 0xde).words(5, 25);
    }
    return this;
  }

  public CompoundBuilder layoutstats() {
    op(65).hyper(0).hyper(4096).stateid(1);
    return hyper(1).hyper(2).hyper(3).hyper(4).fixed(16, 0xde).word(4).opaque(3, 0x77);
  }

  public CompoundBuilder offloadCancel() {
    return op(66).stateid(1);
  }

  public CompoundBuilder offloadStatus() {
    return op(67).stateid(1);
  }

  public CompoundBuilder readPlus() {
    return op(68).stateid(0).hyper(0).word(65536);
  }

  public CompoundBuilder seek() {
    return op(69).stateid(0).hyper(0).word(1);
  }

  public CompoundBuilder writeSame() {
    op(70).stateid(1).word(2).hyper(0).hyper(512).hyper(8).hyper(0).word(1).hyper(16);
    return opaque(5, 0xd0);
  }

  public CompoundBuilder clone2() {
    return op(71).stateid(1).stateid(2).hyper(0).hyper(0).hyper(4096);
  }

  // RFC 8276

  public CompoundBuilder getxattr(String key) {
    return op(72).text(key);
  }

  public CompoundBuilder setxattr(String key, byte[] value) {
    return op(73).word(1).text(key).opaque(value);
  }

  public CompoundBuilder listxattrs() {
    return op(74).hyper(0).word(4096);
  }

  public CompoundBuilder removexattr(String key) {
    return op(75).text(key);
  }

  // Callbacks

  public CompoundBuilder cbGetattr(byte[] handle) {
    return op(3).opaque(handle).bitmap(0x18);
  }

  public CompoundBuilder cbRecall(byte[] handle) {
    return op(4).stateid(1).word(0).opaque(handle);
  }

  public CompoundBuilder cbLayoutrecallFile(byte[] handle) {
    return op(5).words(1, 3, 0).word(1).opaque(handle).hyper(0).hyper(-1).stateid(1);
  }

  public CompoundBuilder cbLayoutrecallFsid() {
    return op(5).words(1, 3, 0).word(2).hyper(1).hyper(2);
  }

  public CompoundBuilder cbLayoutrecallAll() {
    return op(5).words(1, 3, 0).word(3);
  }

  public CompoundBuilder cbNotify(byte[] handle) {
    return op(6).stateid(1).opaque(handle).word(2).bitmap(4).opaque(9, 1).bitmap().opaque(0, 0);
  }

  /** CB_PUSH_DELEG up to its delegation. */
  public CompoundBuilder cbPushDeleg(byte[] handle) {
    return op(7).opaque(handle);
  }

  public CompoundBuilder delegationNone() {
    return word(0);
  }

  public CompoundBuilder delegationRead(int type) {
    return word(type).stateid(1).word(0).ace();
  }

  public CompoundBuilder delegationWriteBySize(int type) {
    return word(type).stateid(1).word(0).word(1).hyper(1 << 20).ace();
  }

  public CompoundBuilder delegationWriteByBlocks(int type) {
    return word(type).stateid(1).word(0).word(2).words(16, 4096).ace();
  }

  public CompoundBuilder delegationNoneBecause(int why) {
    word(3).word(why);
    return why == 1 || why == 2 ? word(1) : this;
  }

  private CompoundBuilder ace() {
    return words(0, 0, 0x1f).text("EVERYONE@");
  }

  public CompoundBuilder cbRecallAny() {
    return op(8).word(10).bitmap(3);
  }

  public CompoundBuilder cbRecallableObjAvail() {
    return op(9).word(10).bitmap(3);
  }

  public CompoundBuilder cbRecallSlot() {
    return op(10).word(15);
  }

  public CompoundBuilder cbSequence(int... referringCallsOfEachSession) {
    op(11).session().words(1, 0, 0, 0).word(referringCallsOfEachSession.length);
    for (int calls : referringCallsOfEachSession) {
      session().word(calls);
      for (int i = 0; i < calls; i++) {
        words(i, 3);
      }
    }
    return this;
  }

  public CompoundBuilder cbWantsCancelled() {
    return op(12).words(0, 1);
  }

  public CompoundBuilder cbNotifyLock(byte[] handle) {
    return op(13).opaque(handle).owner("lock owner");
  }

  public CompoundBuilder cbNotifyDeviceid() {
    return op(14).word(1).bitmap(4).opaque(24, 0xde);
  }

  public CompoundBuilder cbOffloadDone(byte[] handle, int stateids) {
    op(15).opaque(handle).stateid(1).word(0).word(stateids);
    for (int i = 0; i < stateids; i++) {
      stateid(9);
    }
    return hyper(4096).word(2).fixed(8, 0xfe);
  }

  public CompoundBuilder cbOffloadFailed(byte[] handle) {
    return op(15).opaque(handle).stateid(1).word(28).hyper(100);
  }
}
