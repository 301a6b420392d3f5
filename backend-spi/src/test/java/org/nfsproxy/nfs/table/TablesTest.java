package org.nfsproxy.nfs.table;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.GoldenProcedure;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Replies;

/** The tables against the RFCs' numbers, and against what others have come to rely on. */
class TablesTest {
  // nfs_opnum4 of RFC 7863 and RFC 8276, written down a second time.
  private static final String[] OPERATIONS_FROM_3 = {
    "ACCESS",
    "CLOSE",
    "COMMIT",
    "CREATE",
    "DELEGPURGE",
    "DELEGRETURN",
    "GETATTR",
    "GETFH",
    "LINK",
    "LOCK",
    "LOCKT",
    "LOCKU",
    "LOOKUP",
    "LOOKUPP",
    "NVERIFY",
    "OPEN",
    "OPENATTR",
    "OPEN_CONFIRM",
    "OPEN_DOWNGRADE",
    "PUTFH",
    "PUTPUBFH",
    "PUTROOTFH",
    "READ",
    "READDIR",
    "READLINK",
    "REMOVE",
    "RENAME",
    "RENEW",
    "RESTOREFH",
    "SAVEFH",
    "SECINFO",
    "SETATTR",
    "SETCLIENTID",
    "SETCLIENTID_CONFIRM",
    "VERIFY",
    "WRITE",
    "RELEASE_LOCKOWNER",
    "BACKCHANNEL_CTL",
    "BIND_CONN_TO_SESSION",
    "EXCHANGE_ID",
    "CREATE_SESSION",
    "DESTROY_SESSION",
    "FREE_STATEID",
    "GET_DIR_DELEGATION",
    "GETDEVICEINFO",
    "GETDEVICELIST",
    "LAYOUTCOMMIT",
    "LAYOUTGET",
    "LAYOUTRETURN",
    "SECINFO_NO_NAME",
    "SEQUENCE",
    "SET_SSV",
    "TEST_STATEID",
    "WANT_DELEGATION",
    "DESTROY_CLIENTID",
    "RECLAIM_COMPLETE",
    "ALLOCATE",
    "COPY",
    "COPY_NOTIFY",
    "DEALLOCATE",
    "IO_ADVISE",
    "LAYOUTERROR",
    "LAYOUTSTATS",
    "OFFLOAD_CANCEL",
    "OFFLOAD_STATUS",
    "READ_PLUS",
    "SEEK",
    "WRITE_SAME",
    "CLONE",
    "GETXATTR",
    "SETXATTR",
    "LISTXATTRS",
    "REMOVEXATTR",
  };

  private static final int LAST_OF_MINOR_0 = 39;
  private static final int LAST_OF_MINOR_1 = 58;

  private static final String[] CALLBACKS_FROM_3 = {
    "CB_GETATTR",
    "CB_RECALL",
    "CB_LAYOUTRECALL",
    "CB_NOTIFY",
    "CB_PUSH_DELEG",
    "CB_RECALL_ANY",
    "CB_RECALLABLE_OBJ_AVAIL",
    "CB_RECALL_SLOT",
    "CB_SEQUENCE",
    "CB_WANTS_CANCELLED",
    "CB_NOTIFY_LOCK",
    "CB_NOTIFY_DEVICEID",
    "CB_OFFLOAD",
  };

  private static final Map<Class<?>, String> PROCEDURES_FROM_0 =
      Map.ofEntries(
          entry(
              Nfs2.class,
              "NULL GETATTR SETATTR ROOT LOOKUP READLINK READ WRITECACHE WRITE CREATE REMOVE RENAME"
                  + " LINK SYMLINK MKDIR RMDIR READDIR STATFS"),
          entry(
              Nfs3.class,
              "NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ WRITE CREATE MKDIR SYMLINK MKNOD"
                  + " REMOVE RMDIR RENAME LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT"),
          entry(Nfs4Procedure.class, "NULL COMPOUND"),
          entry(Nfs4CallbackProcedure.class, "CB_NULL CB_COMPOUND"),
          entry(Mount1.class, "NULL MNT DUMP UMNT UMNTALL EXPORT EXPORTALL"),
          entry(Mount2.class, "NULL MNT DUMP UMNT UMNTALL EXPORT EXPORTALL PATHCONF"),
          entry(Mount3.class, "NULL MNT DUMP UMNT UMNTALL EXPORT"),
          entry(NfsAcl2.class, "NULL GETACL SETACL GETATTR ACCESS"),
          entry(NfsAcl3.class, "NULL GETACL SETACL"),
          entry(
              Nlm4.class,
              "NULL TEST LOCK CANCEL UNLOCK GRANTED TEST_MSG LOCK_MSG CANCEL_MSG UNLOCK_MSG"
                  + " GRANTED_MSG TEST_RES LOCK_RES CANCEL_RES UNLOCK_RES GRANTED_RES SM_NOTIFY - - -"
                  + " SHARE UNSHARE NM_LOCK FREE_ALL"),
          entry(Portmap2.class, "NULL SET UNSET GETPORT DUMP CALLIT"));

  private static final Map<Class<?>, String> RPCBIND_FROM_0 =
      Map.of(
          Rpcbind3.class,
          "NULL SET UNSET GETADDR DUMP CALLIT GETTIME UADDR2TADDR TADDR2UADDR",
          Rpcbind4.class,
          "NULL SET UNSET GETADDR DUMP BCAST GETTIME UADDR2TADDR TADDR2UADDR GETVERSADDR INDIRECT"
              + " GETADDRLIST GETSTAT");

  @Test
  void numbers_ofNfs4_areTheRfcs() {
    for (int i = 0; i < OPERATIONS_FROM_3.length; i++) {
      int number = 3 + i;
      int minorVersion = number <= LAST_OF_MINOR_0 ? 0 : number <= LAST_OF_MINOR_1 ? 1 : 2;
      Nfs4 row = Nfs4.OPERATIONS.find(number, 2);
      assertEquals(OPERATIONS_FROM_3[i], row.name());
      assertEquals(number, row.number());
      assertEquals(minorVersion, row.minorVersion());
    }
    assertEquals(10044, Nfs4.ILLEGAL.number());
    assertEquals(OPERATIONS_FROM_3.length + 1, Nfs4.values().length);
    assertEquals(2, Nfs4.OPERATIONS.minorVersionMax());
  }

  @Test
  void numbers_ofCallbacks_areTheRfcs() {
    for (int i = 0; i < CALLBACKS_FROM_3.length; i++) {
      int number = 3 + i;
      Nfs4Callback row = Nfs4Callback.OPERATIONS.find(number, 2);
      assertEquals(CALLBACKS_FROM_3[i], row.name());
      assertEquals(number, row.number());
      assertEquals(number <= 4 ? 0 : number <= 14 ? 1 : 2, row.minorVersion());
    }
    assertEquals(10044, Nfs4Callback.CB_ILLEGAL.number());
    assertEquals(CALLBACKS_FROM_3.length + 1, Nfs4Callback.values().length);
  }

  @Test
  void numbers_ofProcedures_areTheRfcs() {
    Map<Class<?>, List<Procedure>> tables =
        GoldenProcedure.rows().stream().collect(Collectors.groupingBy(Object::getClass));
    assertEquals(PROCEDURES_FROM_0.size() + RPCBIND_FROM_0.size(), tables.size());
    tables.forEach(
        (table, rows) -> {
          String names = PROCEDURES_FROM_0.getOrDefault(table, RPCBIND_FROM_0.get(table));
          String[] expected = names.split(" ");
          String[] actual = new String[expected.length];
          Arrays.fill(actual, "-");
          rows.forEach(row -> actual[row.number()] = row.name());
          assertEquals(Arrays.asList(expected), Arrays.asList(actual), table.getSimpleName());
        });
  }

  @Test
  void find_everyNumberThereCouldBe_answersARow() {
    for (int number = -100; number < 11000; number++) {
      Nfs4 row = Nfs4.OPERATIONS.find(number, 2);
      assertSame(number >= 3 && number <= 75, row != Nfs4.ILLEGAL);
    }
    assertSame(Nfs4.ILLEGAL, Nfs4.OPERATIONS.find(Integer.MIN_VALUE, 2));
    assertSame(Nfs4.ILLEGAL, Nfs4.OPERATIONS.find(Integer.MAX_VALUE, 2));
  }

  @Test
  void table_twoRowsOfOneNumber_isRefused() {
    Nfs4[] twice = {Nfs4.ILLEGAL, Nfs4.READ, Nfs4.WRITE, Nfs4.READ};
    assertThrows(IllegalStateException.class, () -> new OperationTable<>(Nfs4.ILLEGAL, twice));
  }

  // Dashboards and alerts are built on labels: one may be added, none may change.
  @Test
  void labels_areFrozen() throws IOException {
    List<String> labels = new ArrayList<>();
    allRows().forEach(row -> labels.add(row.label()));
    assertEquals(labels.size(), new HashSet<>(labels).size());
    try (var frozen = TablesTest.class.getResourceAsStream("/labels.txt")) {
      String text = new String(frozen.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(text, String.join("\n", labels) + "\n");
    }
  }

  private static Stream<Operation> allRows() {
    return Stream.<Stream<? extends Operation>>of(
            GoldenProcedure.rows().stream(),
            Arrays.stream(Nfs4.values()),
            Arrays.stream(Nfs4Callback.values()))
        .flatMap(rows -> rows);
  }

  /** NFSv3's ...resfail structures, each item absent; RFC 1813 section 3.3. */
  private static final Map<Nfs3, String> NFS3_RESFAIL =
      Map.ofEntries(
          Map.entry(Nfs3.GETATTR, ""),
          Map.entry(Nfs3.SETATTR, "wcc_data"),
          Map.entry(Nfs3.LOOKUP, "post_op_attr"),
          Map.entry(Nfs3.ACCESS, "post_op_attr"),
          Map.entry(Nfs3.READLINK, "post_op_attr"),
          Map.entry(Nfs3.READ, "post_op_attr"),
          Map.entry(Nfs3.WRITE, "wcc_data"),
          Map.entry(Nfs3.CREATE, "wcc_data"),
          Map.entry(Nfs3.MKDIR, "wcc_data"),
          Map.entry(Nfs3.SYMLINK, "wcc_data"),
          Map.entry(Nfs3.MKNOD, "wcc_data"),
          Map.entry(Nfs3.REMOVE, "wcc_data"),
          Map.entry(Nfs3.RMDIR, "wcc_data"),
          Map.entry(Nfs3.RENAME, "wcc_data wcc_data"),
          Map.entry(Nfs3.LINK, "post_op_attr wcc_data"),
          Map.entry(Nfs3.READDIR, "post_op_attr"),
          Map.entry(Nfs3.READDIRPLUS, "post_op_attr"),
          Map.entry(Nfs3.FSSTAT, "post_op_attr"),
          Map.entry(Nfs3.FSINFO, "post_op_attr"),
          Map.entry(Nfs3.PATHCONF, "post_op_attr"),
          Map.entry(Nfs3.COMMIT, "wcc_data"));

  @Test
  void failure_ofEachNfs3Procedure_isTheGoldenReply() {
    for (Nfs3 row : Nfs3.values()) {
      if (row == Nfs3.NULL) {
        assertFalse(row.onFailure().hasStatus());
        continue;
      }
      assertEquals(goldenReply(NFS3_RESFAIL.get(row), 30), reply(row, 30), row.label());
    }
  }

  private static ByteBuf goldenReply(String resfail, int status) {
    XdrBytes<?> message = new XdrBytes<>().words(0xca11, 1, 0).words(0, 0).word(0).word(status);
    for (String item : resfail.split(" ")) {
      switch (item) {
        case "post_op_attr" -> message.word(0);
        case "wcc_data" -> message.word(0).word(0);
        default -> assertEquals("", item);
      }
    }
    return Unpooled.buffer().writeInt(0x80000000 | message.length()).writeBytes(message.bytes());
  }

  private static ByteBuf reply(Operation row, int status) {
    int[] words = new int[1 + row.onFailure().zeroWords()];
    words[0] = status;
    ByteBuf reply =
        Replies.accepted(UnpooledByteBufAllocator.DEFAULT, 0xca11, AcceptStatus.SUCCESS, words);
    try {
      return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(reply));
    } finally {
      reply.release();
    }
  }

  @Test
  void failure_ofEachOtherRow_hasTheWordsOfItsResults() {
    for (Operation row : (Iterable<Operation>) allRows()::iterator) {
      boolean shareLike = row == Nlm4.SHARE || row == Nlm4.UNSHARE;
      boolean aclOfNfs3 = row == NfsAcl3.GETACL || row == NfsAcl3.SETACL;
      if (!(row instanceof Nfs3)) {
        int words = row == Nfs4.SETATTR || shareLike || aclOfNfs3 ? 1 : 0;
        assertEquals(words, row.onFailure().zeroWords(), row.label());
      }
      boolean answersCookie =
          shareLike
              || List.of(Nlm4.TEST, Nlm4.LOCK, Nlm4.CANCEL, Nlm4.UNLOCK, Nlm4.GRANTED, Nlm4.NM_LOCK)
                  .contains(row);
      assertEquals(answersCookie, row.onFailure().repeatsCookie(), row.label());
    }
  }

  @Test
  void failure_ofRowsWithHandle_alwaysHasAStatus() {
    allRows()
        .filter(row -> row.arguments().handlesMax() > 0 && !(row instanceof Nlm4))
        .forEach(row -> assertTrue(row.onFailure().hasStatus(), row.label()));
  }

  // A read-only export is a promise; this list is its other half, see RFC 1813, 8881, 7862, 8276.
  @Test
  void effect_rowsThatWrite_areTheseAndNoOthers() {
    List<String> writing =
        allRows().filter(row -> row.effect().writes()).map(Operation::label).toList();
    assertEquals(
        List.of(
            ("nfs2.setattr nfs2.write nfs2.create nfs2.remove nfs2.rename nfs2.link nfs2.symlink"
                    + " nfs2.mkdir nfs2.rmdir"
                    + " nfs3.setattr nfs3.write nfs3.create nfs3.mkdir nfs3.symlink nfs3.mknod"
                    + " nfs3.remove nfs3.rmdir nfs3.rename nfs3.link nfs3.commit"
                    + " nfs_acl2.setacl nfs_acl3.setacl"
                    + " nfs4.commit nfs4.create nfs4.link nfs4.remove nfs4.rename nfs4.setattr"
                    + " nfs4.write nfs4.layoutcommit nfs4.allocate nfs4.copy nfs4.deallocate"
                    + " nfs4.write_same nfs4.clone nfs4.setxattr nfs4.removexattr")
                .split(" ")),
        writing);
    List<String> asked =
        allRows().filter(row -> row.effect() == Effect.AS_ASKED).map(Operation::label).toList();
    assertEquals(
        List.of(
            "nfs4.compound", "nfs4.cb_compound", "nfs4.open", "nfs4.openattr", "nfs4.layoutget"),
        asked);
  }

  @Test
  void registers_everyRowThatActsOnFiles_needsAHandle() {
    for (Nfs4 row : Nfs4.values()) {
      if (row.effect().writes() || row.effect() == Effect.AS_ASKED) {
        assertTrue(row.registers().usesCurrent(), row.label());
      }
      if (row.arguments().handlesMax() > 0) {
        assertSame(Registers.TO_ARGUMENT, row.registers(), row.label());
      }
    }
  }

  @Test
  void registers_stepsThatMayLeaveAFilesystem_areTheRfcs() {
    List<String> leaving =
        Arrays.stream(Nfs4.values())
            .filter(row -> row.registers().mayLeaveFilesystem())
            .map(Nfs4::name)
            .toList();
    assertEquals(
        List.of("LOOKUP", "LOOKUPP", "OPEN", "PUTPUBFH", "PUTROOTFH", "RESTOREFH"), leaving);
  }

  @Test
  void waysOut_areThoseToLayoutsAndCopies() {
    List<String> leading =
        Arrays.stream(Nfs4.values())
            .filter(row -> row.redirection() != Redirection.NOWHERE)
            .map(row -> row.name() + " " + row.redirection().status())
            .toList();
    assertEquals(
        List.of(
            "GETDEVICEINFO 10004",
            "GETDEVICELIST 10004",
            "LAYOUTCOMMIT 10004",
            "LAYOUTGET 10059",
            "LAYOUTRETURN 10004",
            "COPY 10091",
            "COPY_NOTIFY 10004",
            "LAYOUTERROR 10004",
            "LAYOUTSTATS 10004"),
        leading);
    assertEquals(true, Redirection.DATA_SERVER.isTaken(false));
    assertEquals(false, Redirection.NAMED_SOURCE.isTaken(false));
    assertEquals(true, Redirection.NAMED_SOURCE.isTaken(true));
    assertEquals(false, Redirection.NOWHERE.isTaken(true));
  }
}
