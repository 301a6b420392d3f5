/** What listeners and the judge hand each other: calls, and what is wanted with their replies. */
package org.nfsproxy.server.call;
