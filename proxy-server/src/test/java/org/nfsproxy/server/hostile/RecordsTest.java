package org.nfsproxy.server.hostile;

// Records as clients may cut them, on a connection without TLS.
class RecordsTest extends ClientRecords {
  RecordsTest() {
    super(Reached.PLAINLY);
  }
}
