using System.Text.RegularExpressions;

namespace Delivery.Mta.Look.Rules;

/// <summary>Words in the subject that programs write where a value should be.</summary>
internal sealed partial class NoDataWordRule : Rule
{
    public override void Look(LookMail mail, Findings findings)
    {
        if (Words().Match(mail.Subject) is { Success: true } word)
            findings.Add("word_for_no_data", Severity.Warning, "content.subject", $"says '{word.Value}', which is what programs write where data is missing", word.Value);
    }

    [GeneratedRegex(@"(?<![\w.-])(?:undefined|null|NULL|NaN)(?![\w-])|\[object Object\]")]
    private static partial Regex Words();
}
