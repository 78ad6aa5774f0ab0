namespace Maintenance.EndToEnd.Tests.Harness;

/// <summary>An internal CA in a folder (<c>ca.pem</c>, <c>ca.key</c>) and the first certificate of a server, whose serial number is 17.</summary>
static class InternalCa
{
    public static Task IssueAsync(string folder, string certificate, string key, string name, int days) => Programs.BashAsync(
        $"""
        mkdir -p '{Path.GetDirectoryName(certificate)}'
        openssl ecparam -name prime256v1 -genkey -noout -out ca.key
        openssl req -x509 -new -key ca.key -subj '/CN=Internal CA' -days 3650 -out ca.pem
        openssl ecparam -name prime256v1 -genkey -noout -out '{key}'
        openssl req -new -key '{key}' -subj '/CN={name}' -out site.csr
        openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -set_serial 17 -days {days} -extfile <(echo 'subjectAltName=DNS:{name}') -out '{certificate}'
        chmod 0640 '{key}'
        """,
        folder);
}
