package org.nfsproxy.server.call;

/** How the client of a batch called last: kept for the next batch, since most call alike. */
public interface LastCaller {}
