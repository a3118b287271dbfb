import { expect, test } from 'vitest'
import { TOKEN } from '../support/world.ts'
import { describePages, type Visit } from './browser.ts'

const field = ({ page }: Visit, name: string) => page.locator(`#cad_tool-${name}`)
const card = ({ page }: Visit) => page.locator('section', { has: page.locator('#title-cad_tool') })

describePages('the configuration page', stage => {
  const asPresenter = () => stage.open(`/config?token=${TOKEN}`)

  test('is readable without the token, and says how to get further', async () => {
    const visit = await stage.open('/config')
    await visit.page.getByText('Only the presenter may change this').waitFor()
    expect(await field(visit, 'total').inputValue()).toBe('5')
    expect(await field(visit, 'total').isDisabled()).toBe(true)
    expect(visit.troubles).toEqual([])
  })

  test('is unlocked by pasting the token, not by another text', async () => {
    const visit = await stage.open('/config')
    await visit.page.fill('#token', 'not the token')
    await visit.page.click('text=Unlock')
    await visit.page.getByText('This is not the presenter token').waitFor()
    await visit.page.fill('#token', TOKEN)
    await visit.page.click('text=Unlock')
    await expect.poll(() => field(visit, 'total').isEnabled()).toBe(true)
  })

  test('the token leaves the address at once', async () => {
    const { page } = await asPresenter()
    expect(page.url()).toBe(`${stage.url}/config`)
  })

  test.each([
    ['total', '0', 'A whole number from 1'],
    ['total', '2.5', 'A whole number from 1'],
    ['commit', '-1', 'A whole number from 0'],
    ['max_overage', '', 'A whole number from 0'],
    ['commit_price', '1.234', 'at most two decimals'],
    ['overage_price_per_license', 'cheap', 'at most two decimals'],
    ['lease_ttl_seconds', 'x', 'Minutes, from 0'],
    ['spend_cap', '-5', 'at most two decimals'],
  ])('%s does not take %j, and says so beside the field', async (name, text, words) => {
    const visit = await asPresenter()
    await field(visit, name).fill(text)
    await visit.page.locator(`#cad_tool-${name}-error`, { hasText: words }).waitFor()
    expect(await field(visit, name).getAttribute('aria-invalid')).toBe('true')
  })

  test.each([
    ['max_overage', '0', 'At most 4 seats can be held, instead of 5.'],
    ['overage_price_per_license', '12.5', 'New overage borrows cost $12.50. Charges that were written stay.'],
    ['lease_ttl_seconds', '0', 'New borrows have no end.'],
    ['spend_cap', '300', 'would exceed $300'],
    ['commit', '2', 'From the 3rd seat on, a borrow is overage.'],
    ['total', '9', '4 seats beyond commit and overage can never be borrowed.'],
  ])('a change of %s to %j says what it will do', async (name, text, words) => {
    const visit = await asPresenter()
    await field(visit, name).fill(text)
    await card(visit).locator('.effects', { hasText: words }).waitFor()
  })

  test('a change is saved, and is there for the next visitor', async () => {
    const visit = await asPresenter()
    await field(visit, 'commit_price').fill('1250.5')
    await card(visit).getByText('Save', { exact: true }).click()
    await card(visit).getByText('Saved.').waitFor()
    const next = await stage.open('/config')
    expect(await field(next, 'commit_price').inputValue()).toBe('1250.5')
  })

  test('two presenters who save at once: the second sees what the first saved, and decides', async () => {
    const [first, second] = [await asPresenter(), await asPresenter()]
    await field(first, 'overage_price_per_license').fill('111')
    await card(first).getByText('Save', { exact: true }).click()
    await card(first).getByText('Saved.').waitFor()
    await field(second, 'overage_price_per_license').fill('222')
    await card(second).getByText('Save', { exact: true }).click()
    await card(second).getByText('Overage price: now 111').waitFor()
    await card(second).getByText('Save mine anyway').click()
    await card(second).getByText('Saved.').waitFor()
    const { tools } = await (await fetch(`${stage.url}/config/budget`)).json()
    expect(tools[1]).toMatchObject({ tool: 'cad_tool', overage_price_per_license: 222 })
    expect(second.troubles.filter(trouble => !trouble.includes('412'))).toEqual([])
  })

  test('the presenter takes a seat back, after asking once more', async () => {
    await fetch(`${stage.url}/licenses/borrow`, {
      method: 'POST',
      body: JSON.stringify({ tool: 'simulation', user: 'forgetful' }),
    })
    const { page } = await asPresenter()
    const row = page.locator('#holder-rows tr', { hasText: 'forgetful' })
    await row.getByRole('button', { name: 'Revoke simulation of forgetful' }).click()
    await row.getByRole('button', { name: 'Really revoke' }).click()
    await row.waitFor({ state: 'detached' })
    expect(await (await fetch(`${stage.url}/borrows?user=forgetful`)).json()).toEqual([])
  })
})
