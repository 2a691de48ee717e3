using System.Globalization;
using System.Text.Json;
using Delivery.Contracts;
using Delivery.Contracts.Suppressions;
using Delivery.Contracts.Tokens;
using Delivery.Mta.Jobs;

namespace Delivery.Mta.Suppressions.Api;

/// <summary>Reads one suppression, with every fault named by its field. Not thread-safe: <see cref="Email"/> is of the one read last.</summary>
/// <param name="reason">The reason where none is given.</param>
/// <param name="list">The list where none is given.</param>
internal sealed class SuppressionParser(KeyRing keys, uint account, TimeProvider time, SuppressionReason reason = SuppressionReason.Manual, uint list = 0)
{
    private const int MaxWord = 64;

    /// <summary>The address of the one that was read last, where it had one.</summary>
    public string? Email { get; private set; }

    /// <summary>What comes next may have none.</summary>
    public void Forget() => Email = null;

    public SuppressedRecipient? Parse(JsonElement element, List<FieldError> errors)
    {
        Email = null;
        if (RequestObject.Open(element, "", errors) is not { } one)
            return null;
        var email = one.Text("email", MailboxParser.MaxAddressText);
        var key = one.Text("key", MaxWord);
        var word = one.Text("reason", MaxWord);
        var number = one.Whole("list", 0, JobOptions.MaxList);
        var since = one.Time("since");
        one.RefuseUnknown();
        return errors.Count > 0 ? null : Read(email, key, word, number, since, errors);
    }

    /// <summary>The same from words; empty ones are as if absent.</summary>
    public SuppressedRecipient? Parse(string email, string key, string word, string listText, string sinceText, List<FieldError> errors)
    {
        Email = null;
        uint? number = null;
        DateTimeOffset? since = null;
        if (listText.Length > 0)
        {
            if (TryList(listText, out var given))
                number = given;
            else
                errors.Add(new FieldError("list", $"must be a whole number from 0 to {JobOptions.MaxList}"));
        }

        if (sinceText.Length > 0)
        {
            if (DateTimeOffset.TryParse(sinceText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given))
                since = given;
            else
                errors.Add(new FieldError("since", "must be a time such as 2026-03-01T09:00:00Z"));
        }

        return Read(email, key, word, number, since, errors);
    }

    /// <summary>Who an address, or a key in hex, is.</summary>
    public bool TryRecipient(string text, out RecipientKey recipient, List<FieldError> errors)
    {
        recipient = default;
        if (!text.Contains('@', StringComparison.Ordinal) && RecipientKey.TryParse(text, out recipient))
            return true;
        Email = text[..Math.Min(text.Length, MailboxParser.MaxAddressText)];
        if (RecipientAddress.Fault(text) is { } fault)
        {
            errors.Add(new FieldError("email", fault));
            return false;
        }

        recipient = RecipientKey.Of(keys.RecipientSecret.Span, account, text);
        return true;
    }

    public static bool TryList(string? text, out uint list) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out list) && list <= JobOptions.MaxList;

    private SuppressedRecipient? Read(string? email, string? key, string? word, uint? number, DateTimeOffset? since, List<FieldError> errors)
    {
        Email = string.IsNullOrEmpty(email) ? null : email[..Math.Min(email.Length, MailboxParser.MaxAddressText)];
        RecipientKey recipient = default;
        if (string.IsNullOrEmpty(key) == string.IsNullOrEmpty(email))
            errors.Add(new FieldError("email", "or key is needed, and only one of them"));
        else if (!string.IsNullOrEmpty(email))
            TryRecipient(email, out recipient, errors);
        else if (!RecipientKey.TryParse(key, out recipient))
            errors.Add(new FieldError("key", "must be 32 hexadecimal digits"));
        var why = reason;
        if (!string.IsNullOrEmpty(word) && !SuppressionReasons.TryParse(word, out why))
            errors.Add(new FieldError("reason", $"must be one of {SuppressionReasons.All}"));
        else if (why == SuppressionReason.Erased)
            errors.Add(new FieldError("reason", "comes of ./delivery erase alone: restore takes out of the spool whoever has it"));
        return errors.Count > 0
            ? null
            : new SuppressedRecipient(recipient, new SuppressedFor(why, number ?? list, (since ?? time.GetUtcNow()).ToUnixTimeMilliseconds()));
    }
}
