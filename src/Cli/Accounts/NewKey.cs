using System.Security.Cryptography;
using System.Text;
using Delivery.Contracts.Access;

namespace Delivery.Cli.Accounts;

/// <summary>A key that was just made: the only time its secret is known.</summary>
/// <param name="Secret"><c>dlv_ID_…</c>: by its beginning scanners of source code and people know it for what it is, and which one it is.</param>
internal sealed record NewKey(string Secret, AccountKey Kept)
{
    private const string Prefix = "dlv_";
    private const int IdBytes = 4;
    private const int SecretBytes = 24;

    /// <param name="taken">Ids that were given before.</param>
    public static NewKey Create(string name, Right rights, IReadOnlySet<string> taken, DateTimeOffset now)
    {
        string id;
        do
            id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        while (taken.Contains(id));
        var secret = $"{Prefix}{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return new NewKey(secret, new AccountKey
        {
            Id = id,
            Name = name,
            Rights = RightNames.Format(rights),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))),
            Created = now,
        });
    }

    /// <summary>The id where the text is a whole key or an id; so that a leaked key can be revoked by pasting it.</summary>
    public static string IdOf(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('_')[0] : text;
}
