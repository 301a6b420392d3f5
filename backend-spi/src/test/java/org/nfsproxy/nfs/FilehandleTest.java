package org.nfsproxy.nfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class FilehandleTest {
  @Test
  void handles_areComparedByteByByteAndNeverPadded() {
    Filehandle handle = Filehandle.of(new byte[] {1, 0, 2});
    assertEquals(handle, Filehandle.of(new byte[] {1, 0, 2}));
    assertEquals(handle.hashCode(), Filehandle.of(new byte[] {1, 0, 2}).hashCode());
    assertNotEquals(handle, Filehandle.of(new byte[] {1, 0, 2, 0}));
    assertNotEquals(handle, Filehandle.of(new byte[] {1, 0, 3}));
    assertEquals("010002", handle.toString());
    assertEquals(3, handle.length());
  }

  @Test
  void bytes_areTheHandlesOwn() {
    byte[] given = {1, 2, 3};
    Filehandle handle = Filehandle.of(given);
    given[0] = 9;
    handle.bytes()[1] = 9;
    assertArrayEquals(new byte[] {1, 2, 3}, handle.bytes());
  }

  @Test
  void copy_takesARangeOfARecord() {
    Filehandle handle = Filehandle.copy(Unpooled.wrappedBuffer(new byte[] {0, 1, 2, 3}), 1, 2);
    assertEquals(Filehandle.of(new byte[] {1, 2}), handle);
  }

  @Test
  void handle_longerThanAnyVersions_isRefused() {
    assertEquals(128, Filehandle.of(new byte[128]).length());
    assertThrows(IllegalArgumentException.class, () -> Filehandle.of(new byte[129]));
  }
}
