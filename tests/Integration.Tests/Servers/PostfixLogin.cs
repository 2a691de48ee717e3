using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary>Who may send through a Postfix with Cyrus SASL: user "sender" with the password "open sesame", under TLS only.</summary>
/// <param name="folder">Made and filled by <see cref="PrepareAsync"/>: <c>sasl</c> beside main.cf, where Debian's Postfix looks.</param>
/// <param name="mechanisms">Those that are offered, parted by spaces.</param>
internal sealed class PostfixLogin(string folder, string mechanisms)
{
    public const string User = "sender";
    public const string Password = "open sesame";
    private const string Realm = "mx.postfix.example";

    /// <summary>Where Cyrus SASL is to look for its mechanisms and stores (its variable SASL_PATH); empty where they are not installed.</summary>
    public static string Plugins { get; } = Directory.Exists(RepositoryRoot.Tool("sasl"))
        ? string.Join(':', Directory.EnumerateFiles(RepositoryRoot.Tool("sasl"), "*.so", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct())
        : "";

    /// <summary>Lines of main.cf.</summary>
    public string Settings => $"""
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = cyrus
        smtpd_sasl_path = smtpd
        smtpd_sasl_local_domain = {Realm}
        smtpd_sasl_security_options = noanonymous
        smtpd_sasl_authenticated_header = yes
        smtpd_tls_auth_only = yes
        """;

    private string Users => Path.Combine(folder, "users.db");

    public async Task PrepareAsync()
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "smtpd.conf"), $"""
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            sasldb_path: {Users}
            mech_list: {mechanisms}

            """);
        var program = Path.Combine(RepositoryRoot.Tool("sasl"), "usr/sbin/saslpasswd2");
        await Shell.RunAsync(
            "env", "LD_LIBRARY_PATH=" + PostfixTools.Libraries, "SASL_PATH=" + Plugins,
            "sh", "-c", "printf %s \"$1\" | \"$0\" -p -c -u \"$2\" -f \"$3\" \"$4\"", program, Password, Realm, Users, User);
        await Shell.RunAsync("chown", "daemon", Users);
    }
}
