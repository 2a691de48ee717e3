using Delivery.Contracts.Access;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Jobs;

/// <summary>Which domains an account's mail may be from.</summary>
internal static class SenderDomains
{
    private const int Named = 5;

    /// <summary>What the account may not use of From and return path; null where it may use all.</summary>
    public static List<FieldError>? Faults(Account? account, MessageContent content)
    {
        if (account is null || account.FromDomains.Count == 0)
            return null;
        var faults = new List<FieldError>();
        Check(account, "content.from.email", content.From.Email, faults);
        if (content.ReturnPath is { } returnPath)
            Check(account, "return_path", returnPath, faults);
        return faults.Count == 0 ? null : faults;
    }

    private static void Check(Account account, string field, string address, List<FieldError> faults)
    {
        if (MailAddress.TryNormalize(address, out var ascii) && account.MayUse(ascii.AsSpan(ascii.LastIndexOf('@') + 1)))
            return;
        var allowed = string.Join(", ", account.FromDomains.Take(Named)) + (account.FromDomains.Count > Named ? ", …" : "");
        faults.Add(new FieldError(
            field, $"is of a domain that account {account.Id} may not send from: use {allowed}, or have the domain added ('delivery account set {account.Name} --from-domain …')"));
    }
}
