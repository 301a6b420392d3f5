package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.function.UnaryOperator;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.table.CompoundOperation;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Nfs4Callback;

/**
 * An operation as the RFC has it on the wire, and what a walk must see in it.
 *
 * @param <O> the rows
 * @param row the row it is
 * @param handle the filehandle in its arguments, or null
 * @param name the first name in them, or null
 * @param writes whether it changes files
 * @param encoding appends the operation
 */
record GoldenOperation<O extends CompoundOperation>(
    O row, byte[] handle, String name, boolean writes, UnaryOperator<CompoundBuilder> encoding) {

  static final byte[] HANDLE_28 = "28 bytes, as ext4 has them..".getBytes(UTF_8);
  static final byte[] HANDLE_128 = "128 bytes, the longest there is ".repeat(4).getBytes(UTF_8);
  static final byte[] HANDLE_13 = "not aligned !".getBytes(UTF_8);

  static final List<GoldenOperation<Nfs4>> CALLS =
      List.of(
          reads(Nfs4.ACCESS, c -> c.access(0x1f)),
          reads(Nfs4.CLOSE, c -> c.close()),
          writes(Nfs4.COMMIT, c -> c.commit()),
          named(Nfs4.CREATE, "dir", true, c -> c.createDirectory("dir")),
          named(Nfs4.CREATE, "lnk", true, c -> c.createLink("lnk", "../target")),
          named(Nfs4.CREATE, "blk", true, c -> c.createDevice(3, "blk")),
          named(Nfs4.CREATE, "chr", true, c -> c.createDevice(4, "chr")),
          named(Nfs4.CREATE, "sock", true, c -> c.createOfType(6, "sock")),
          named(Nfs4.CREATE, "fifo", true, c -> c.createOfType(7, "fifo")),
          named(Nfs4.CREATE, "bad type", true, c -> c.createOfType(99, "bad type")),
          reads(Nfs4.DELEGPURGE, c -> c.delegpurge()),
          reads(Nfs4.DELEGRETURN, c -> c.delegreturn()),
          reads(Nfs4.GETATTR, c -> c.getattr()),
          reads(Nfs4.GETATTR, c -> c.getattr(0x0010011a, 0x00b0a23a)),
          reads(Nfs4.GETATTR, c -> c.getattr(1, 2, 4)),
          reads(Nfs4.GETFH, c -> c.getfh()),
          named(Nfs4.LINK, "second", true, c -> c.link("second")),
          reads(Nfs4.LOCK, c -> c.lockNewOwner()),
          reads(Nfs4.LOCK, c -> c.lockSameOwner()),
          reads(Nfs4.LOCKT, c -> c.lockt()),
          reads(Nfs4.LOCKU, c -> c.locku()),
          named(Nfs4.LOOKUP, "usr", false, c -> c.lookup("usr")),
          named(Nfs4.LOOKUP, "", false, c -> c.lookup("")),
          reads(Nfs4.LOOKUPP, c -> c.lookupp()),
          reads(Nfs4.NVERIFY, c -> c.nverify()),
          named(Nfs4.OPEN, "f", false, c -> c.open(1, 0).nocreate().claimNull("f")),
          named(Nfs4.OPEN, "f", true, c -> c.open(2, 0).nocreate().claimNull("f")),
          named(Nfs4.OPEN, "f", true, c -> c.open(3, 3).nocreate().claimNull("f")),
          named(Nfs4.OPEN, "f", true, c -> c.open(1, 0).unchecked().claimNull("f")),
          named(Nfs4.OPEN, "f", true, c -> c.open(3, 0).guarded().claimNull("f")),
          named(Nfs4.OPEN, "f", true, c -> c.open(3, 0).exclusive().claimNull("f")),
          named(Nfs4.OPEN, "f", true, c -> c.open(3, 0).exclusive41().claimNull("f")),
          reads(Nfs4.OPEN, c -> c.open(1, 0).nocreate().claimPrevious()),
          named(Nfs4.OPEN, "cur", false, c -> c.open(1, 0).nocreate().claimDelegateCur("cur")),
          named(Nfs4.OPEN, "prev", false, c -> c.open(1, 0).nocreate().claimDelegatePrev("prev")),
          reads(Nfs4.OPEN, c -> c.open(0x10001, 0).nocreate().claimFh()),
          writes(Nfs4.OPEN, c -> c.open(0x10002, 0).nocreate().claimFh()),
          reads(Nfs4.OPEN, c -> c.open(1, 0).nocreate().claimDelegCurFh()),
          reads(Nfs4.OPEN, c -> c.open(1, 0).nocreate().claimDelegPrevFh()),
          reads(Nfs4.OPENATTR, c -> c.openattr(false)),
          writes(Nfs4.OPENATTR, c -> c.openattr(true)),
          reads(Nfs4.OPEN_CONFIRM, c -> c.openConfirm()),
          reads(Nfs4.OPEN_DOWNGRADE, c -> c.openDowngrade()),
          handled(Nfs4.PUTFH, HANDLE_28, c -> c.putfh(HANDLE_28)),
          handled(Nfs4.PUTFH, HANDLE_128, c -> c.putfh(HANDLE_128)),
          handled(Nfs4.PUTFH, HANDLE_13, c -> c.putfh(HANDLE_13)),
          reads(Nfs4.PUTPUBFH, c -> c.putpubfh()),
          reads(Nfs4.PUTROOTFH, c -> c.putrootfh()),
          reads(Nfs4.READ, c -> c.read(0, 65536)),
          reads(Nfs4.READDIR, c -> c.readdir(0x00180918, 0x00b0a23a)),
          reads(Nfs4.READLINK, c -> c.readlink()),
          named(Nfs4.REMOVE, "old", true, c -> c.remove("old")),
          named(Nfs4.RENAME, "from", true, c -> c.rename("from", "to")),
          reads(Nfs4.RENEW, c -> c.renew()),
          reads(Nfs4.RESTOREFH, c -> c.restorefh()),
          reads(Nfs4.SAVEFH, c -> c.savefh()),
          named(Nfs4.SECINFO, "sub", false, c -> c.secinfo("sub")),
          writes(Nfs4.SETATTR, c -> c.setattr()),
          reads(Nfs4.SETCLIENTID, c -> c.setclientid("Linux NFSv4.0 host")),
          reads(Nfs4.SETCLIENTID_CONFIRM, c -> c.setclientidConfirm()),
          reads(Nfs4.VERIFY, c -> c.verify()),
          writes(Nfs4.WRITE, c -> c.write(4096, "seven b".getBytes(UTF_8))),
          writes(Nfs4.WRITE, c -> c.write(0, new byte[0])),
          reads(Nfs4.RELEASE_LOCKOWNER, c -> c.releaseLockowner()),
          reads(Nfs4.BACKCHANNEL_CTL, c -> c.backchannelCtl()),
          reads(Nfs4.BIND_CONN_TO_SESSION, c -> c.bindConnToSession()),
          reads(
              Nfs4.EXCHANGE_ID,
              c -> c.exchangeId("Linux NFSv4.1 host").protectNone().implementation()),
          reads(
              Nfs4.EXCHANGE_ID,
              c -> c.exchangeId("h").protectMachineCredential().noImplementation()),
          reads(Nfs4.EXCHANGE_ID, c -> c.exchangeId("h").protectSsv().noImplementation()),
          reads(Nfs4.CREATE_SESSION, c -> c.createSession().word(1).securityNone()),
          reads(Nfs4.CREATE_SESSION, c -> c.createSession().word(1).securitySys()),
          reads(Nfs4.CREATE_SESSION, c -> c.createSession().word(1).securityGss()),
          reads(
              Nfs4.CREATE_SESSION,
              c -> c.createSession(1).word(3).securitySys(4, 5).securityGss().securityNone()),
          reads(Nfs4.CREATE_SESSION, c -> c.createSession().word(0)),
          reads(Nfs4.DESTROY_SESSION, c -> c.destroySession()),
          reads(Nfs4.FREE_STATEID, c -> c.freeStateid()),
          reads(Nfs4.GET_DIR_DELEGATION, c -> c.getDirDelegation()),
          reads(Nfs4.GETDEVICEINFO, c -> c.getdeviceinfo()),
          reads(Nfs4.GETDEVICELIST, c -> c.getdevicelist()),
          writes(Nfs4.LAYOUTCOMMIT, c -> c.layoutcommit(false, false)),
          writes(Nfs4.LAYOUTCOMMIT, c -> c.layoutcommit(true, false)),
          writes(Nfs4.LAYOUTCOMMIT, c -> c.layoutcommit(true, true)),
          reads(Nfs4.LAYOUTGET, c -> c.layoutget(1)),
          writes(Nfs4.LAYOUTGET, c -> c.layoutget(2)),
          reads(Nfs4.LAYOUTRETURN, c -> c.layoutreturnFile()),
          reads(Nfs4.LAYOUTRETURN, c -> c.layoutreturn(2)),
          reads(Nfs4.LAYOUTRETURN, c -> c.layoutreturn(3)),
          reads(Nfs4.SECINFO_NO_NAME, c -> c.secinfoNoName()),
          reads(Nfs4.SEQUENCE, c -> c.sequence(3)),
          reads(Nfs4.SET_SSV, c -> c.setSsv()),
          reads(Nfs4.TEST_STATEID, c -> c.testStateid(0)),
          reads(Nfs4.TEST_STATEID, c -> c.testStateid(3)),
          reads(Nfs4.WANT_DELEGATION, c -> c.wantDelegationPrevious()),
          reads(Nfs4.WANT_DELEGATION, c -> c.wantDelegation(4)),
          reads(Nfs4.WANT_DELEGATION, c -> c.wantDelegation(6)),
          reads(Nfs4.DESTROY_CLIENTID, c -> c.destroyClientid()),
          reads(Nfs4.RECLAIM_COMPLETE, c -> c.reclaimComplete(false)),
          reads(Nfs4.RECLAIM_COMPLETE, c -> c.reclaimComplete(true)),
          writes(Nfs4.ALLOCATE, c -> c.allocate()),
          writes(Nfs4.COPY, c -> c.copy().word(0)),
          writes(
              Nfs4.COPY,
              c -> c.copy().word(3).serverByName("a").serverByUrl("nfs://b").serverByAddress()),
          reads(Nfs4.COPY_NOTIFY, c -> c.copyNotify().serverByName("target.example.org")),
          reads(Nfs4.COPY_NOTIFY, c -> c.copyNotify().serverByUrl("nfs://target")),
          reads(Nfs4.COPY_NOTIFY, c -> c.copyNotify().serverByAddress()),
          writes(Nfs4.DEALLOCATE, c -> c.deallocate()),
          reads(Nfs4.IO_ADVISE, c -> c.ioAdvise()),
          reads(Nfs4.LAYOUTERROR, c -> c.layouterror(0)),
          reads(Nfs4.LAYOUTERROR, c -> c.layouterror(2)),
          reads(Nfs4.LAYOUTSTATS, c -> c.layoutstats()),
          reads(Nfs4.OFFLOAD_CANCEL, c -> c.offloadCancel()),
          reads(Nfs4.OFFLOAD_STATUS, c -> c.offloadStatus()),
          reads(Nfs4.READ_PLUS, c -> c.readPlus()),
          reads(Nfs4.SEEK, c -> c.seek()),
          writes(Nfs4.WRITE_SAME, c -> c.writeSame()),
          writes(Nfs4.CLONE, c -> c.clone2()),
          reads(Nfs4.GETXATTR, c -> c.getxattr("mime")),
          writes(Nfs4.SETXATTR, c -> c.setxattr("mime", "text/plain".getBytes(UTF_8))),
          reads(Nfs4.LISTXATTRS, c -> c.listxattrs()),
          writes(Nfs4.REMOVEXATTR, c -> c.removexattr("mime")));

  static final List<GoldenOperation<Nfs4Callback>> CALLBACKS =
      List.of(
          handled(Nfs4Callback.CB_GETATTR, HANDLE_28, c -> c.cbGetattr(HANDLE_28)),
          handled(Nfs4Callback.CB_RECALL, HANDLE_13, c -> c.cbRecall(HANDLE_13)),
          handled(Nfs4Callback.CB_LAYOUTRECALL, HANDLE_128, c -> c.cbLayoutrecallFile(HANDLE_128)),
          reads(Nfs4Callback.CB_LAYOUTRECALL, c -> c.cbLayoutrecallFsid()),
          reads(Nfs4Callback.CB_LAYOUTRECALL, c -> c.cbLayoutrecallAll()),
          handled(Nfs4Callback.CB_NOTIFY, HANDLE_28, c -> c.cbNotify(HANDLE_28)),
          pushed(c -> c.delegationNone()),
          pushed(c -> c.delegationRead(1)),
          pushed(c -> c.delegationWriteBySize(2)),
          pushed(c -> c.delegationWriteByBlocks(2)),
          pushed(c -> c.delegationNoneBecause(0)),
          pushed(c -> c.delegationNoneBecause(1)),
          pushed(c -> c.delegationNoneBecause(2)),
          pushed(c -> c.delegationRead(4)),
          pushed(c -> c.delegationWriteBySize(5)),
          reads(Nfs4Callback.CB_RECALL_ANY, c -> c.cbRecallAny()),
          reads(Nfs4Callback.CB_RECALLABLE_OBJ_AVAIL, c -> c.cbRecallableObjAvail()),
          reads(Nfs4Callback.CB_RECALL_SLOT, c -> c.cbRecallSlot()),
          reads(Nfs4Callback.CB_SEQUENCE, c -> c.cbSequence()),
          reads(Nfs4Callback.CB_SEQUENCE, c -> c.cbSequence(0, 2)),
          reads(Nfs4Callback.CB_WANTS_CANCELLED, c -> c.cbWantsCancelled()),
          handled(Nfs4Callback.CB_NOTIFY_LOCK, HANDLE_28, c -> c.cbNotifyLock(HANDLE_28)),
          reads(Nfs4Callback.CB_NOTIFY_DEVICEID, c -> c.cbNotifyDeviceid()),
          handled(Nfs4Callback.CB_OFFLOAD, HANDLE_28, c -> c.cbOffloadDone(HANDLE_28, 0)),
          handled(Nfs4Callback.CB_OFFLOAD, HANDLE_28, c -> c.cbOffloadDone(HANDLE_28, 1)),
          handled(Nfs4Callback.CB_OFFLOAD, HANDLE_28, c -> c.cbOffloadFailed(HANDLE_28)));

  private static <O extends CompoundOperation> GoldenOperation<O> reads(
      O row, UnaryOperator<CompoundBuilder> encoding) {
    return new GoldenOperation<>(row, null, null, false, encoding);
  }

  private static <O extends CompoundOperation> GoldenOperation<O> writes(
      O row, UnaryOperator<CompoundBuilder> encoding) {
    return new GoldenOperation<>(row, null, null, true, encoding);
  }

  private static <O extends CompoundOperation> GoldenOperation<O> named(
      O row, String name, boolean writes, UnaryOperator<CompoundBuilder> encoding) {
    return new GoldenOperation<>(row, null, name, writes, encoding);
  }

  private static <O extends CompoundOperation> GoldenOperation<O> handled(
      O row, byte[] handle, UnaryOperator<CompoundBuilder> encoding) {
    return new GoldenOperation<>(row, handle, null, false, encoding);
  }

  private static GoldenOperation<Nfs4Callback> pushed(UnaryOperator<CompoundBuilder> delegation) {
    return handled(
        Nfs4Callback.CB_PUSH_DELEG, HANDLE_28, c -> delegation.apply(c.cbPushDeleg(HANDLE_28)));
  }

  /** A new COMPOUND of the lowest minor version that has the operation. */
  CompoundBuilder begin() {
    int minorVersion = row.minorVersion();
    return row instanceof Nfs4Callback
        ? CompoundBuilder.callback(minorVersion)
        : CompoundBuilder.compound(minorVersion);
  }

  @Override
  public String toString() {
    int length = encoding.apply(begin()).length() - begin().length() - 4;
    return row.label() + " with " + length + " bytes of arguments";
  }
}
