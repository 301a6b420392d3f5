package org.nfsproxy.server.hostile;

// Calls that nobody can carry out, on a connection without TLS.
class MalformedCallsTest extends MalformedCalls {
  MalformedCallsTest() {
    super(Reached.PLAINLY, AUTH_TOOWEAK);
  }
}
