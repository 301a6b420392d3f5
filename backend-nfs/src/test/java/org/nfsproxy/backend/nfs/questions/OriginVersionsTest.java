package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.acceptedAs;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.authError;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.closing;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.mismatch;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.success;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcException;

/** What origins of different kinds say they serve. */
class OriginVersionsTest extends Asking {
  private static final int NFS = 100003;
  private static final AnsweringOrigin.Script SERVED = success(out -> {});

  private OriginVersions ask() throws Exception {
    return await(questions().versions());
  }

  private OriginQuestions questions() {
    return new OriginQuestions(
        vertx, connector(PATIENCE_MILLIS), loopback(fake.port()), CallCredential.NONE, null);
  }

  /** COMPOUND of an origin that has these minor versions. */
  private static AnsweringOrigin.Script minors(Set<Integer> served) {
    return (xid, arguments, out) -> {
      arguments.skipOpaque(0);
      int minor = arguments.int32();
      int status = served.contains(minor) ? 0 : 10021;
      assertEquals(0, arguments.int32(), "operations");
      success(reply -> reply.int32(status).string("").int32(0)).play(xid, arguments, out);
    };
  }

  @Test
  void origin_ofAllVersions_hasThem() throws Exception {
    fake.on(NFS, 2, 0, SERVED).on(NFS, 3, 0, SERVED).on(NFS, 4, 0, SERVED);
    fake.on(NFS, 4, 1, minors(Set.of(0, 1, 2)));
    OriginVersions found = ask();
    assertEquals(List.of(2, 3, 4), List.copyOf(found.versions()));
    assertEquals(List.of(0, 1, 2), List.copyOf(found.minorVersions()));
    assertEquals(1, fake.connections());
  }

  @Test
  void origin_ofVersion3Only_isAskedNoFurther() throws Exception {
    fake.on(NFS, 2, 0, mismatch(3, 3)).on(NFS, 3, 0, SERVED).on(NFS, 4, 0, mismatch(3, 3));
    OriginVersions found = ask();
    assertEquals(Set.of(3), found.versions());
    assertEquals(Set.of(), found.minorVersions());
    assertEquals(0, fake.calls(NFS, 2, 0), "the range said so already");
  }

  @Test
  void origin_ofVersion4Only_hasItsMinorVersions() throws Exception {
    fake.on(NFS, 2, 0, mismatch(4, 4)).on(NFS, 3, 0, mismatch(4, 4)).on(NFS, 4, 0, SERVED);
    fake.on(NFS, 4, 1, minors(Set.of(1, 2)));
    OriginVersions found = ask();
    assertEquals(Set.of(4), found.versions());
    assertEquals(List.of(1, 2), List.copyOf(found.minorVersions()));
  }

  @Test
  void origin_withAGap_isNotTakenByItsRange() throws Exception {
    fake.on(NFS, 2, 0, SERVED).on(NFS, 3, 0, mismatch(2, 4)).on(NFS, 4, 0, SERVED);
    fake.on(NFS, 4, 1, minors(Set.of(0)));
    assertEquals(Set.of(2, 4), ask().versions());
  }

  @Test
  void origin_withoutNfs_hasNoVersions() throws Exception {
    AnsweringOrigin.Script unavailable = acceptedAs(1, out -> {});
    fake.on(NFS, 4, 0, unavailable);
    OriginVersions found = ask();
    assertEquals(Set.of(), found.versions());
    assertEquals(1, fake.calls());
  }

  @Test
  void origin_refusingOurCredential_hasUnknownMinorVersions() throws Exception {
    fake.on(NFS, 2, 0, mismatch(3, 4)).on(NFS, 3, 0, SERVED).on(NFS, 4, 0, SERVED);
    fake.on(NFS, 4, 1, authError(5));
    OriginVersions found = ask();
    assertEquals(Set.of(3, 4), found.versions());
    assertEquals(Set.of(), found.minorVersions());
  }

  @Test
  void origin_refusingEvenNull_fails() {
    fake.on(NFS, 4, 0, authError(5));
    failure(RpcException.class, questions().versions());
  }

  @Test
  void origin_closing_fails() {
    fake.on(NFS, 4, 0, closing());
    failure(IOException.class, questions().versions());
  }
}
