package org.nfsproxy.backend.coordinated.nfs4j;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.dcache.nfs.v4.ClientCache;
import org.dcache.nfs.v4.NFS4Client;
import org.dcache.nfs.v4.xdr.clientid4;

/**
 * The clients of an instance, which {@link Leases} ends. Their number is bounded by EXCHANGE_ID.
 */
// nfs4j's own cache forgets those that were not used, and takes each arrival of another client for
// a use of all: a client that died would keep its locks as long as others come.
final class Clients implements ClientCache {
  private final Map<clientid4, NFS4Client> clients = new ConcurrentHashMap<>();

  @Override
  public void put(clientid4 id, NFS4Client client) {
    clients.put(id, client);
  }

  @Override
  public NFS4Client get(clientid4 id) {
    return clients.get(id);
  }

  @Override
  public NFS4Client remove(clientid4 id) {
    return clients.remove(id);
  }

  @Override
  public void cleanUp() {}

  @Override
  public Stream<NFS4Client> stream() {
    return clients.values().stream();
  }

  @Override
  public Stream<NFS4Client> peek() {
    return stream();
  }
}
