package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import java.util.List;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.QuestionedBackend;

/** An origin whose NFSv4 takes the handle that one object has in NFSv3 for another object. */
class Confused implements QuestionedBackend {
  private final FakeBackend origin;
  private final Filehandle handle;
  private final Filehandle instead;

  Confused(FakeBackend origin, FakeBackend.Node node, FakeBackend.Node instead) {
    this.origin = origin;
    this.handle = node.handle;
    this.instead = instead.handle;
  }

  /** Whether it can say what is where. */
  boolean finds() {
    return true;
  }

  @Override
  public Future<ObjectIdentity> identify(Filehandle object, int nfsVersion) {
    boolean confused = nfsVersion == 4 && object.equals(handle);
    return origin.identify(confused ? instead : object, nfsVersion);
  }

  @Override
  public Future<Filehandle> parent(Filehandle directory, int nfsVersion) {
    return origin.parent(directory, nfsVersion);
  }

  @Override
  public Future<Found> find(String path, int nfsVersion) {
    return finds() ? origin.find(path, nfsVersion) : QuestionedBackend.super.find(path, nfsVersion);
  }

  @Override
  public Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return finds()
        ? origin.lookUp(directory, name, nfsVersion)
        : QuestionedBackend.super.lookUp(directory, name, nfsVersion);
  }

  @Override
  public Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return finds()
        ? origin.nameOf(directory, levels, nfsVersion)
        : QuestionedBackend.super.nameOf(directory, levels, nfsVersion);
  }

  @Override
  public Future<List<String>> exports() {
    return origin.exports();
  }
}
