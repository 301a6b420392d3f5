package org.nfsproxy.server.judge.model;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.QuestionedBackend;

/** Answers the proxy's questions from what a {@link Namespace} is at that instant. */
final class ModelOrigin implements QuestionedBackend {
  private static final int NOENT = 2;
  private static final int NOTDIR = 20;
  private static final int STALE = 70;
  private static final int BADHANDLE = 10001;

  private final Namespace namespace;
  private final BooleanSupplier isSilent;
  private final Runnable afterQuestion;

  /**
   * An origin.
   *
   * @param isSilent whether the next question gets no answer
   * @param afterQuestion what happens when a question was answered
   */
  ModelOrigin(Namespace namespace, BooleanSupplier isSilent, Runnable afterQuestion) {
    this.namespace = namespace;
    this.isSilent = isSilent;
    this.afterQuestion = afterQuestion;
  }

  private <T> Future<T> answer(Supplier<Future<T>> answer) {
    if (isSilent.getAsBoolean()) {
      return Future.failedFuture(new TimeoutException());
    }
    Future<T> answered = answer.get();
    afterQuestion.run();
    return answered;
  }

  private static <T> Future<T> refuse(int status) {
    return Future.failedFuture(new NfsStatusException(status));
  }

  private static ObjectIdentity identity(Node node) {
    ModelFilesystem of = node.filesystem;
    return new ObjectIdentity(of.fsidMajor, of.fsidMinor, node.fileid, node.isDirectory ? 2 : 1);
  }

  private static Future<Found> found(Node node) {
    return node == null
        ? refuse(NOENT)
        : Future.succeededFuture(new Found(node.handle, identity(node)));
  }

  // Handles of NFSv3 are others, and nobody has any.
  private int status(Filehandle handle, int nfsVersion) {
    Node node = nfsVersion == 4 ? namespace.find(handle) : null;
    return node == null ? BADHANDLE : namespace.isThere(node) ? 0 : STALE;
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return answer(
        () -> {
          int status = status(handle, nfsVersion);
          return status == 0
              ? Future.succeededFuture(identity(namespace.find(handle)))
              : refuse(status);
        });
  }

  private Future<Node> up(Filehandle directory, int levels, int nfsVersion) {
    int status = status(directory, nfsVersion);
    if (status != 0) {
      return refuse(status);
    }
    Node at = namespace.find(directory);
    if (!at.isDirectory) {
      return refuse(NOTDIR);
    }
    for (int level = 0; level < levels && at != null; level++) {
      at = namespace.above(at);
    }
    return at == null ? refuse(NOENT) : Future.succeededFuture(at);
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return answer(() -> up(directory, 1, nfsVersion).map(node -> node.handle));
  }

  @Override
  public Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return answer(() -> up(directory, levels, nfsVersion).compose(ModelOrigin::found));
  }

  @Override
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return answer(
        () ->
            up(directory, levels - 1, nfsVersion)
                .map(namespace::nameOf)
                .compose(name -> name == null ? refuse(NOENT) : Future.succeededFuture(name)));
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return answer(
        () -> {
          if (nfsVersion != 4) {
            return refuse(NOENT);
          }
          Node at = namespace.root();
          for (String name : path.substring(1).split("/")) {
            at = name.isEmpty() || at == null ? at : namespace.child(at, name);
          }
          return found(at);
        });
  }

  @Override
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    String text = new String(name, StandardCharsets.UTF_8);
    return answer(
        () -> up(directory, 0, nfsVersion).compose(node -> found(namespace.child(node, text))));
  }

  @Override
  public Future<List<String>> exports() {
    return answer(
        () ->
            Future.succeededFuture(
                namespace.filesystems.stream()
                    .map(namespace::pathOf)
                    .filter(Objects::nonNull)
                    .toList()));
  }

  @Override
  public List<ServedProgram> programs() {
    return List.of(new ServedProgram(100003, 4, 4));
  }

  @Override
  public Identity identity() {
    return Identity.ORIGIN;
  }
}
