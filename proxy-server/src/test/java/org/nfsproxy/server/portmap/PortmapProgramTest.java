package org.nfsproxy.server.portmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.portmap.CallBytes.accepted;
import static org.nfsproxy.server.portmap.CallBytes.bytes;
import static org.nfsproxy.server.portmap.CallBytes.call;
import static org.nfsproxy.server.portmap.CallBytes.getPort;
import static org.nfsproxy.server.portmap.CallBytes.rpcb;
import static org.nfsproxy.server.portmap.CallBytes.success;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.xdr.XdrWriter;

/** The answers of RFC 1833, byte by byte, without sockets. */
class PortmapProgramTest {
  private static final Consumer<XdrWriter> NOTHING = out -> {};
  private static final int NFS = 100003;
  private static final int MOUNT = 100005;
  private static final int TCP = 6;
  private static final int UDP = 17;

  private Optional<InetAddress> address = Addresses.parse("192.0.2.1");
  private Transport transport = Transport.TCP;
  private final List<ServedProgram> served =
      List.of(
          new ServedProgram(NFS, 3, 4),
          new ServedProgram(MOUNT, 1, 3),
          new ServedProgram(100227, 3, 3),
          new ServedProgram(100021, 4, 4));
  private final PortmapProgram program =
      new PortmapProgram(
          UnpooledByteBufAllocator.DEFAULT, () -> new Registrations(111, served, 20490));

  /** The reply without its marker, which is checked here. */
  private byte[] ask(byte[] message) {
    ByteBuf reply = program.answer(Unpooled.wrappedBuffer(message), transport, () -> address);
    if (reply == null) {
      return null;
    }
    byte[] record = ByteBufUtil.getBytes(reply);
    reply.release();
    int marker = Unpooled.wrappedBuffer(record).getInt(0);
    assertEquals(0x8000_0000 | record.length - 4, marker);
    return Arrays.copyOfRange(record, 4, record.length);
  }

  @Test
  void getPort_nfs3OverTcp_isTheGoldenReply() {
    String message =
        "12345678 00000000 00000002 000186a0 00000002 00000003" // xid CALL 2 portmap v2 GETPORT
            + "00000000 00000000 00000000 00000000" // AUTH_NONE twice
            + "000186a3 00000003 00000006 00000000"; // NFS v3 TCP
    String reply = "12345678 00000001 00000000 00000000 00000000 00000000 0000500a"; // 20490
    HexFormat hex = HexFormat.of();
    byte[] asked = hex.parseHex(message.replace(" ", ""));
    assertArrayEquals(hex.parseHex(reply.replace(" ", "")), ask(asked));
  }

  @ParameterizedTest
  @CsvSource({
    "100003, 4, 6, 20490",
    "100003, 3, 17, 0", // never UDP
    "100003, 2, 6, 20490", // another version: the program itself says PROG_MISMATCH
    "100003, 3, 132, 0", // SCTP
    "100005, 1, 6, 20490",
    "100005, 3, 17, 0",
    "100227, 3, 6, 20490",
    "100021, 4, 6, 20490",
    "100000, 2, 6, 111",
    "100000, 2, 17, 111",
    "100024, 1, 6, 0",
    "0, 0, 0, 0",
    "-1, -1, -1, 0"
  })
  void getPort_asked_namesPortOrZero(int asked, int version, int protocol, int port) {
    assertArrayEquals(success(out -> out.int32(port)), ask(getPort(asked, version, protocol)));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3, 100003, 3, tcp, 192.0.2.1.80.10",
    "4, 3, 100003, 3, tcp, 192.0.2.1.80.10",
    "4, 3, 100003, 9, tcp, 192.0.2.1.80.10",
    "4, 9, 100003, 4, tcp, 192.0.2.1.80.10",
    "4, 9, 100003, 9, tcp, ''", // GETVERSADDR means this version
    "3, 3, 100003, 3, udp, ''",
    "3, 3, 100003, 3, tcp6, ''", // the address told is no IPv6 address
    "3, 3, 100003, 3, '', 192.0.2.1.80.10", // the transport of the call
    "3, 3, 100000, 4, udp, 192.0.2.1.0.111",
    "3, 3, 100024, 1, tcp, ''",
    "3, 3, 100003, 3, local, ''"
  })
  void getAddr_asked_namesAddressOrNothing(
      int version, int procedure, int asked, int askedVersion, String netid, String expected) {
    byte[] reply = ask(rpcb(version, procedure, asked, askedVersion, netid));
    assertArrayEquals(success(out -> out.string(expected)), reply);
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, tcp6, 2001:db8::1.80.10",
    "2001:db8::1, tcp, ''",
    "::1, tcp6, ::1.80.10",
    "fe80::1%eth0, tcp6, fe80::1.80.10",
    "::ffff:192.0.2.7, tcp, 192.0.2.7.80.10"
  })
  void getAddr_reachedOverIpv6_namesItsFamily(String reached, String netid, String expected) {
    address = Addresses.parse(reached);
    assertArrayEquals(success(out -> out.string(expected)), ask(rpcb(4, 3, NFS, 3, netid)));
  }

  @Test
  void rpcbind_addressUnknown_tellsNone() {
    address = Optional.empty();
    assertArrayEquals(success(out -> out.string("")), ask(rpcb(4, 3, NFS, 3, "tcp")));
    assertArrayEquals(success(out -> out.bool(false)), ask(rpcb(4, 11, NFS, 3, "tcp")));
    assertArrayEquals(success(out -> out.bool(false)), ask(call(4, 4, NOTHING)));
  }

  @Test
  void dump_version2_listsVersionsInUse() {
    int[][] rows = {
      {100000, 4, TCP, 111},
      {100000, 4, UDP, 111},
      {100000, 3, TCP, 111},
      {100000, 3, UDP, 111},
      {100000, 2, TCP, 111},
      {100000, 2, UDP, 111},
      {NFS, 3, TCP, 20490},
      {NFS, 4, TCP, 20490},
      {MOUNT, 1, TCP, 20490},
      {MOUNT, 2, TCP, 20490},
      {MOUNT, 3, TCP, 20490},
      {100227, 3, TCP, 20490},
      {100021, 4, TCP, 20490},
    };
    byte[] expected =
        success(
            out -> {
              for (int[] row : rows) {
                out.bool(true).int32(row[0]).int32(row[1]).int32(row[2]).int32(row[3]);
              }
              out.bool(false);
            });
    assertArrayEquals(expected, ask(call(2, 4, NOTHING)));
  }

  @Test
  void dump_version4_namesUniversalAddresses() {
    PortmapProgram small =
        new PortmapProgram(
            UnpooledByteBufAllocator.DEFAULT, () -> new Registrations(111, List.of(), 2049));
    ByteBuf reply =
        small.answer(Unpooled.wrappedBuffer(call(4, 4, NOTHING)), Transport.TCP, () -> address);
    byte[] expected =
        success(
            out -> {
              for (int version = 4; version >= 2; version--) {
                for (String netid : List.of("tcp", "udp")) {
                  out.bool(true).int32(100000).int32(version).string(netid);
                  out.string("192.0.2.1.0.111").string("nfs-proxy");
                }
              }
              out.bool(false);
            });
    assertArrayEquals(expected, ByteBufUtil.getBytes(reply.skipBytes(4)));
    reply.release();
  }

  @Test
  void getAddrList_portmapItself_hasBothTransports() {
    byte[] expected =
        success(
            out -> {
              out.bool(true).string("192.0.2.1.0.111").string("tcp").int32(3);
              out.string("inet").string("tcp");
              out.bool(true).string("192.0.2.1.0.111").string("udp").int32(1);
              out.string("inet").string("udp");
              out.bool(false);
            });
    assertArrayEquals(expected, ask(rpcb(4, 11, 100000, 4, "")));
  }

  @Test
  void getTime_asked_isNow() {
    byte[] reply = ask(call(3, 6, NOTHING));
    assertEquals(28, reply.length);
    long told = Unpooled.wrappedBuffer(reply).getUnsignedInt(24);
    assertTrue(Math.abs(told - System.currentTimeMillis() / 1000) < 3600, "told " + told);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void null_anyVersion_succeeds(int version) {
    assertArrayEquals(success(NOTHING), ask(call(version, 0, NOTHING)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void setAndUnset_anyVersion_areRefused(int version) {
    assertArrayEquals(success(out -> out.bool(false)), ask(call(version, 1, NOTHING)));
    assertArrayEquals(success(out -> out.bool(false)), ask(call(version, 2, NOTHING)));
  }

  @ParameterizedTest
  @CsvSource({"2,5", "2,6", "3,5", "3,7", "3,8", "3,9", "4,5", "4,10", "4,12", "4,13", "4,-1"})
  void procedure_amplifyingOrUnknown_isUnavailable(int version, int procedure) {
    assertArrayEquals(accepted(3, NOTHING), ask(call(version, procedure, NOTHING)));
  }

  @ParameterizedTest
  @CsvSource({"2,4", "3,4", "4,4", "4,11"})
  void procedure_listOverDatagrams_isUnavailable(int version, int procedure) {
    transport = Transport.UDP;
    byte[] asked = rpcb(version, procedure, NFS, 3, "tcp");
    assertArrayEquals(accepted(3, NOTHING), ask(asked));
  }

  @Test
  void datagrams_anyProcedure_areAnsweredShort() {
    transport = Transport.UDP;
    address = Addresses.parse("2001:db8:1111:2222:3333:4444:5555:6666");
    for (int version = 2; version <= 4; version++) {
      for (int procedure = 0; procedure <= 13; procedure++) {
        byte[] asked = rpcb(version, procedure, NFS, 3, "tcp6");
        int reply = ask(asked).length;
        assertTrue(reply <= 80, version + "/" + procedure + " gives " + reply + " bytes");
      }
    }
  }

  @Test
  void version_unknown_isMismatch() {
    Consumer<XdrWriter> range = out -> out.int32(2).int32(4);
    for (int version : new int[] {0, 1, 5, -1}) {
      assertArrayEquals(accepted(2, range), ask(call(version, 0, NOTHING)));
    }
  }

  @Test
  void program_other_isUnavailable() {
    assertArrayEquals(accepted(1, NOTHING), ask(call(NFS, 3, 0, NOTHING)));
  }

  @Test
  void arguments_truncatedAnywhere_areGarbage() {
    for (byte[] whole : List.of(getPort(NFS, 3, TCP), rpcb(4, 3, NFS, 3, "tcp"))) {
      assertEquals(0, Unpooled.wrappedBuffer(ask(whole)).getInt(20));
      for (int length = 12; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertArrayEquals(accepted(4, NOTHING), ask(cut), "cut to " + length);
      }
    }
  }

  @Test
  void arguments_lengthOf4GiB_areGarbage() {
    byte[] asked = call(4, 3, out -> out.int32(NFS).int32(3).int32(-1).int32(0));
    assertArrayEquals(accepted(4, NOTHING), ask(asked));
  }

  @Test
  void rpcVersion_other_isDenied() {
    byte[] asked = call(2, 0, NOTHING);
    asked[11] = 3;
    byte[] denied =
        bytes(out -> out.int32(CallBytes.XID).int32(1).int32(1).int32(0).int32(2).int32(2));
    assertArrayEquals(denied, ask(asked));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7, 3, -1}) // RPCSEC_GSS, AUTH_TLS, AUTH_DH, none at all
  void flavor_notPlain_isDenied(int flavor) {
    byte[] asked = call(2, 0, NOTHING);
    Unpooled.wrappedBuffer(asked).setInt(24, flavor);
    assertArrayEquals(badCredential(), ask(asked));
  }

  @Test
  void credential_tooLong_isDenied() {
    byte[] asked = Arrays.copyOf(call(2, 0, NOTHING), 1000);
    Unpooled.wrappedBuffer(asked).setInt(28, 401);
    assertArrayEquals(badCredential(), ask(asked));
  }

  private static byte[] badCredential() {
    return bytes(out -> out.int32(CallBytes.XID).int32(1).int32(1).int32(1).int32(1));
  }

  @Test
  void message_noCall_isNotAnswered() {
    assertNull(ask(success(NOTHING)));
    assertNull(ask(new byte[] {1, 2, 3, 4, 0, 0, 0}));
    assertNull(ask("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }
}
