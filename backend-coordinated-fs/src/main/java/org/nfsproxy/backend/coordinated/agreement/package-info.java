/** Whether the instances of one proxy have the same filesystem under the same id. */
package org.nfsproxy.backend.coordinated.agreement;
