package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;

class TrafficTest {
  private static final int COMPOUND = 1;

  private final Traffic traffic = new Traffic();

  /** Counts a call of NFS with an empty credential and a COMPOUND's tag and minor version. */
  private void call(int version, int procedure, int flavor) {
    ByteBuf message = Unpooled.buffer();
    IntStream.of(7, 0, 2, Programs.NFS, version, procedure, flavor, 0, 0, 0, 0, 1)
        .forEach(message::writeInt);
    Call call = new Call();
    call.read(message, 0, message.writerIndex());
    traffic.call(call, message);
    message.release();
  }

  @Test
  void identity_beforeACompound_isUnknown() {
    call(3, 1, AuthFlavor.AUTH_SYS);
    call(4, 0, AuthFlavor.RPCSEC_GSS);
    assertNull(traffic.identity(Identity.OWN));
  }

  @Test
  void identity_ofAClientInTheClear_isWhatIsWanted() {
    call(4, COMPOUND, AuthFlavor.AUTH_SYS);
    assertEquals(Identity.OWN, traffic.identity(Identity.OWN));
    assertEquals(Identity.ORIGIN, traffic.identity(Identity.ORIGIN));
  }

  @Test
  void identity_ofAClientThatSealsSomeCalls_isTheOrigins() {
    call(4, COMPOUND, AuthFlavor.RPCSEC_GSS);
    call(4, COMPOUND, AuthFlavor.AUTH_SYS);
    assertEquals(Identity.ORIGIN, traffic.identity(Identity.OWN));
  }
}
