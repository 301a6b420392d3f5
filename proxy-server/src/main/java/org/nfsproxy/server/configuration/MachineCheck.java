package org.nfsproxy.server.configuration;

import io.netty.util.internal.PlatformDependent;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.server.access.TokenFile;
import org.nfsproxy.server.access.TokenFileException;
import org.nfsproxy.server.audit.AuditLog;
import org.nfsproxy.server.cache.disk.SafePath;
import org.nfsproxy.server.tls.TlsFiles;
import org.nfsproxy.server.tls.TlsMaterial;
import org.nfsproxy.tls.OwnCertificateDoubts;
import org.nfsproxy.tls.TlsFilesException;

/**
 * What of a configuration does not go with the machine it is checked on, without opening anything.
 *
 * @param mistakes what a start would end with
 * @param warnings what it would go on without
 */
public record MachineCheck(List<String> mistakes, List<String> warnings) {
  /**
   * Holds a configuration against a machine.
   *
   * @param assembled where its values come from
   * @return what does not go with it
   */
  // Not a part of reading: an interface may come up later, and a file that changes while one is
  // down is as good as before.
  public static MachineCheck of(Configured configured, Assembled assembled, ThisMachine machine) {
    ProxyConfiguration proxy = configured.proxy();
    MachineCheck check = new MachineCheck(new ArrayList<>(), new ArrayList<>());
    Listen listen = proxy.listen();
    check.own(check.mistakes, assembled, machine, Keys.LISTEN_HOST.path(), listen.host());
    if (listen.proxyProtocol().enabled()) {
      check.own(
          check.mistakes,
          assembled,
          machine,
          Keys.PROXY_PROTOCOL_HOST.path(),
          listen.proxyProtocol().host());
    }
    if (proxy.admin().enabled()) {
      check.own(check.warnings, assembled, machine, Keys.ADMIN_HOST.path(), proxy.admin().host());
    }
    Cluster cluster = proxy.cluster();
    if (cluster.enabled() && machine.addressIn(cluster.host()) == null) {
      check.warnings.add(told(assembled, machine, ClusterKeys.HOST.path(), cluster.host()));
    }
    if (proxy.locks().enabled()) {
      check.directory(
          assembled, LocksKeys.STATE_DIRECTORY.path(), Path.of(proxy.locks().stateDirectory()));
      if (cluster.enabled()) {
        check.secret(
            assembled,
            LocksKeys.SECRET_FILE.path(),
            proxy.locks().secretFile(),
            TokenFile::readSecret);
      }
    }
    if (proxy.cache().enabled() && proxy.cache().disk().isOn()) {
      check.disk(assembled, Path.of(proxy.cache().disk().directory()));
    }
    NeighbourSettings neighbours = proxy.cache().neighbours();
    if (proxy.cache().enabled() && neighbours.enabled() && cluster.enabled()) {
      if (machine.addressIn(neighbours.host()) == null) {
        check.warnings.add(told(assembled, machine, NeighbourKeys.HOST.path(), neighbours.host()));
      }
      check.secret(
          assembled,
          NeighbourKeys.SECRET_FILE.path(),
          neighbours.secretFile(),
          TokenFile::readSecret);
    }
    if (proxy.audit().isOn()) {
      check.audit(assembled, proxy.audit().file());
    }
    if (listen.tls().enabled()) {
      check.look(assembled, listen.tls().files());
    }
    if (proxy.admin().enabled()) {
      check.access(assembled, proxy.admin().access());
    }
    if (proxy.cache().enabled()) {
      check.memory(assembled, proxy.cache());
    }
    for (Problem problem : configured.backend().unfit()) {
      check.mistakes.add(assembled.told(problem.key(), problem.toString()));
    }
    check.warn(assembled, configured.backend().doubts());
    return check;
  }

  private void disk(Assembled assembled, Path directory) {
    String key = CacheDiskKeys.DIRECTORY.path();
    directory(assembled, key, directory);
    String unfit = SafePath.unfit(directory);
    if (unfit != null) {
      mistakes.add(assembled.told(key, unfit));
    }
  }

  // It is made if it is missing; a folder above it must be there to make it in.
  private void directory(Assembled assembled, String key, Path directory) {
    Path there = directory;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
      there = there.getParent();
    }
    boolean isItself = there.equals(directory);
    String why =
        !Files.isDirectory(there)
            ? isItself ? "which is no folder" : "where " + there + " is no folder"
            : !Files.isWritable(there) ? "and may not write in " + there : "";
    if (!why.isEmpty()) {
      mistakes.add(
          assembled.told(
              key,
              "%s: found \"%s\", %s, expected a folder that this user can write, or a place for one"
                  .formatted(key, directory, why)));
    }
  }

  // Of this Java: whoever starts the proxy with other options checks with these.
  private void memory(Assembled assembled, CacheSettings cache) {
    long directBytesMax = PlatformDependent.maxDirectMemory();
    String doubt = new CacheMemory(cache.memoryBytesMax(), directBytesMax).doubt();
    if (doubt != null) {
      String key = CacheKeys.MEMORY_BYTES_MAX.path();
      warnings.add(assembled.told(key, key + ": " + doubt));
    }
  }

  private void audit(Assembled assembled, String file) {
    String why = AuditLog.unfit(Path.of(file));
    if (why != null) {
      mistakes.add(
          assembled.told(
              AuditKeys.FILE.path(),
              "%s: found \"%s\", %s, expected a plain file that can be written, in a folder that is there"
                  .formatted(AuditKeys.FILE.path(), file, why)));
    }
  }

  private void access(Assembled assembled, AdminAccess access) {
    if (access.isEncrypted()) {
      look(assembled, access.tls());
    }
    if (access.hasToken()) {
      secret(assembled, TokenFile.KEY, access.tokenFile(), TokenFile::read);
    }
  }

  private interface Reading {
    String read(String key, String path) throws TokenFileException;
  }

  private void secret(Assembled assembled, String key, String file, Reading reading) {
    try {
      reading.read(key, file);
    } catch (TokenFileException unfit) {
      mistakes.add(assembled.told(key, unfit.getMessage()));
    }
  }

  private void look(Assembled assembled, TlsFiles files) {
    try {
      TlsMaterial material = files.read();
      warn(
          assembled,
          OwnCertificateDoubts.of(
              material.own(),
              files.certificateKey(),
              files.certificate(),
              files.keyKey(),
              files.key(),
              Instant.now()));
    } catch (TlsFilesException wrong) {
      mistakes.add(assembled.told(wrong.key(), wrong.getMessage()));
    }
  }

  private void warn(Assembled assembled, List<Problem> doubts) {
    doubts.forEach(each -> warnings.add(assembled.told(each.key(), each.toString())));
  }

  private void own(
      List<String> where, Assembled assembled, ThisMachine machine, String key, String host) {
    if (Hosts.isAddress(host) && !machine.hasAddress(host)) {
      where.add(told(assembled, machine, key, host));
    }
  }

  private static String told(Assembled assembled, ThisMachine machine, String key, String host) {
    return assembled.told(
        key,
        "%s: found \"%s\", which is not of this machine, expected one of its addresses: %s"
            .formatted(key, host, machine.addressesAsText()));
  }
}
