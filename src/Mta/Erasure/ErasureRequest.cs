using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs;

namespace Delivery.Mta.Erasure;

/// <summary>The body of <c>POST /v1/erasures</c>.</summary>
/// <param name="Keys">Of the address or as given; empty where the person is named by <paramref name="UpstreamId"/> alone.</param>
internal sealed record ErasureRequest(uint Account, string? Email, string? UpstreamId, IReadOnlyList<RecipientKey> Keys, bool DryRun)
{
    private const int MaxKeys = 100;
    private const int MaxWord = 64;
    private const int MaxUpstreamId = 1024;

    /// <summary>Null, and errors, where it is not understood.</summary>
    /// <param name="account">Of the API key; the body may name another one where <paramref name="anyAccount"/>.</param>
    public static ErasureRequest? Parse(JsonElement body, uint account, bool anyAccount, KeyRing keys, List<FieldError> errors)
    {
        if (RequestObject.Open(body, "", errors) is not { } one)
            return null;
        var email = one.Text("email", MailboxParser.MaxAddressText);
        var upstreamId = one.Text("upstream_id", MaxUpstreamId);
        var named = new List<RecipientKey>();
        if (one.TryGet("keys", out var list))
            ReadKeys(list, named, errors);
        var other = one.Whole("account", 1, uint.MaxValue);
        var dryRun = one.Flag("dry_run", otherwise: false);
        one.RefuseUnknown();
        if (other is { } wanted && wanted != account && !anyAccount)
            errors.Add(new FieldError("account", "is not the key's: use a key of that account, or the installation's own key on its machine"));
        if (email is null && upstreamId is null && named.Count == 0)
            errors.Add(new FieldError("email", "or upstream_id or keys is needed: whom to erase"));
        var of = (uint?)other ?? account;
        if (email is not null)
        {
            if (RecipientAddress.Fault(email) is { } fault)
                errors.Add(new FieldError("email", fault));
            else
                named.Add(RecipientKey.Of(keys.RecipientSecret.Span, of, email));
        }

        return errors.Count > 0 ? null : new ErasureRequest(of, email, upstreamId, named, dryRun);
    }

    private static void ReadKeys(JsonElement list, List<RecipientKey> keys, List<FieldError> errors)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxKeys)
        {
            errors.Add(new FieldError("keys", $"must be a list of at most {MaxKeys} recipient keys"));
            return;
        }

        var at = 0;
        foreach (var one in list.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.String && one.GetString() is { Length: <= MaxWord } hex && RecipientKey.TryParse(hex, out var key) && key != default)
                keys.Add(key);
            else
                errors.Add(new FieldError($"keys[{at}]", "must be 32 hexadecimal digits, not all 0"));
            at++;
        }
    }
}
