using Delivery.Contracts.Access;
using Delivery.Contracts.Tokens;

namespace Delivery.Tracker.Unsubscribes;

/// <summary>What a page is about.</summary>
/// <param name="List">The list of the mail; 0 for all mail.</param>
/// <param name="Sender">The account, where the accounts file names it.</param>
/// <param name="Lists">What was asked for: numbers of lists, 0 for all mail.</param>
/// <param name="Asked">The form that led here.</param>
internal sealed record PageView(PageState State, MailLanguage Language, uint List = 0, Account? Sender = null, IReadOnlyList<uint>? Lists = null, UnsubscribeForm? Asked = null);
