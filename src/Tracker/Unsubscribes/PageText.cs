using Delivery.Contracts.Tokens;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>Every word of the pages in one language. <c>{0}</c> stands for the sender's name.</summary>
internal sealed record PageText
{
    public required string Language { get; init; }

    public required string Direction { get; init; }

    public required string AskTitle { get; init; }

    public required string AskOf { get; init; }

    public required string AskOfNobody { get; init; }

    public required string Question { get; init; }

    public required string Choose { get; init; }

    public required string ChooseOne { get; init; }

    public required string AllMail { get; init; }

    public required string ThisList { get; init; }

    public required string Unsubscribe { get; init; }

    public required string DoneTitle { get; init; }

    public required string DoneAll { get; init; }

    public required string DoneLists { get; init; }

    public required string OnTheWay { get; init; }

    public required string Why { get; init; }

    /// <summary>In the order of <see cref="UnsubscribeReasons.Choices"/>.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required string Send { get; init; }

    public required string Thanks { get; init; }

    public required string Mistake { get; init; }

    public required string WayBack { get; init; }

    public required string BackTitle { get; init; }

    public required string BackText { get; init; }

    public required string TryAgainTitle { get; init; }

    public required string TryAgainText { get; init; }

    public required string TryAgain { get; init; }

    public required string UnknownTitle { get; init; }

    public required string UnknownText { get; init; }

    public static PageText Of(MailLanguage language) => language == MailLanguage.Hebrew ? Hebrew : English;

    private static PageText English { get; } = new()
    {
        Language = "en",
        Direction = "ltr",
        AskTitle = "Unsubscribe",
        AskOf = "You get this mail from {0}.",
        AskOfNobody = "You get this mail because your address is on a mailing list.",
        Question = "Do you want to stop receiving these e-mails?",
        Choose = "Which e-mails do you not want any more?",
        ChooseOne = "Please choose at least one.",
        AllMail = "All e-mails of this sender",
        ThisList = "The mailing list of this e-mail",
        Unsubscribe = "Unsubscribe",
        DoneTitle = "You are unsubscribed",
        DoneAll = "You will not receive these e-mails any more.",
        DoneLists = "You will not receive these any more:",
        OnTheWay = "A message that is on its way already may still arrive.",
        Why = "Would you tell us why? You do not have to.",
        Reasons = ["Too many e-mails", "They are not relevant to me", "I never signed up", "Another reason"],
        Send = "Send the reason",
        Thanks = "Thank you, your reason is noted.",
        Mistake = "Was it a mistake?",
        WayBack = "Subscribe again",
        BackTitle = "You are subscribed again",
        BackText = "You will receive these e-mails again.",
        TryAgainTitle = "Not done yet",
        TryAgainText = "Your request could not be saved just now. Please try again in a minute.",
        TryAgain = "Try again",
        UnknownTitle = "This link is not valid",
        UnknownText = "Please use the link in the e-mail as it was sent.",
    };

    private static PageText Hebrew { get; } = new()
    {
        Language = "he",
        Direction = "rtl",
        AskTitle = "הסרה מרשימת התפוצה",
        AskOf = "הודעה זו נשלחה אליך מאת {0}.",
        AskOfNobody = "הודעה זו נשלחה אליך כי כתובתך ברשימת תפוצה.",
        Question = "האם להפסיק לשלוח אליך הודעות אלה?",
        Choose = "אילו הודעות להפסיק לשלוח אליך?",
        ChooseOne = "נא לבחור לפחות אפשרות אחת.",
        AllMail = "כל ההודעות של שולח זה",
        ThisList = "רשימת התפוצה של הודעה זו",
        Unsubscribe = "הסרה",
        DoneTitle = "הוסרת מרשימת התפוצה",
        DoneAll = "לא יישלחו אליך עוד הודעות אלה.",
        DoneLists = "אלה לא יישלחו אליך עוד:",
        OnTheWay = "ייתכן שתגיע עוד הודעה שכבר בדרך.",
        Why = "אפשר לספר לנו למה? אין חובה.",
        Reasons = ["יותר מדי הודעות", "ההודעות אינן רלוונטיות לי", "מעולם לא נרשמתי", "סיבה אחרת"],
        Send = "שליחת הסיבה",
        Thanks = "תודה, הסיבה נרשמה.",
        Mistake = "הוסרת בטעות?",
        WayBack = "הרשמה מחדש",
        BackTitle = "נרשמת מחדש",
        BackText = "הודעות אלה יישלחו אליך שוב.",
        TryAgainTitle = "הבקשה עוד לא בוצעה",
        TryAgainText = "לא ניתן היה לשמור את הבקשה כעת. נא לנסות שוב בעוד דקה.",
        TryAgain = "ניסיון נוסף",
        UnknownTitle = "הקישור אינו תקין",
        UnknownText = "נא להשתמש בקישור כפי שנשלח בהודעה.",
    };
}
