package org.nfsproxy.backend.nfs.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.tls.OwnCertificate;

/**
 * What is in the files.
 *
 * @param ca those who may have signed the origin's certificate; empty for those that Java trusts
 * @param own the proxy's certificate; null for none
 */
record OriginTlsMaterial(List<X509Certificate> ca, @Nullable OwnCertificate own) {}
