/** What the instances of one proxy tell each other. Nobody else knows what carries it. */
package org.nfsproxy.server.cluster;
