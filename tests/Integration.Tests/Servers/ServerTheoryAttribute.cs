using Delivery.Testing;

namespace Delivery.Integration.Tests.Servers;

/// <summary>A theory about mail servers that start as root only, each from its unpacked package; skipped by name where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerTheoryAttribute : TheoryAttribute
{
    private static readonly string[] Tools = ["postfix", "sasl", "exim", "opensmtpd", "pkcs11-engine", "python"];

    public ServerTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "Postfix, Exim and OpenSMTPD start as root only";
        else if (Tools.FirstOrDefault(tool => !Directory.Exists(RepositoryRoot.Tool(tool))) is { } missing)
            Skip = $".tools/{missing} is missing: ./delivery tools installs it";
    }
}
